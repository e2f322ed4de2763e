/**
 * The end of an integration with the derivative of its replay.
 *
 * The forward phase has found the end already. Its steps are taken again only where a derivative is asked for, so that an
 * integration that is not differentiated makes one pass.
 */
import { customJvp, jvp } from "@leastaction/tensor";
import { closedWalk, type Variables, type WalkConstants } from "./adjoint/closed-walk.ts";
import type { Problem } from "./problem.ts";
import type { ForwardPhase } from "./step-record.ts";

/** The state at the end: that of the forward phase; its derivative: that of the steps, held fixed. */
export function endByReplay<Y>(problem: Problem<Y>, { record, y }: ForwardPhase<Y>): Y {
  const closed = closedWalk(problem, record, null);
  const end = customJvp(
    (_variables: Variables<Y>, { found }: Given<Y>): Y => found,
    ([variables, { constants }], _found, [tangent]) =>
      jvp((x: Variables<Y>) => closed.run(x, constants).end.y, [variables], [tangent])[1],
  );
  return end(closed.variables, { constants: closed.constants, found: y });
}

interface Given<Y> {
  readonly constants: WalkConstants;
  readonly found: Y;
}
