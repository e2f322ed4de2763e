/**
 * What keeps an integration that failed out of derivatives, so that one member of a batch cannot spoil the others.
 *
 * Its results get no derivative, and what is not finite is not evaluated in the part that is differentiated: the cotangent
 * of a failed member is 0, but 0 times the derivative of a field that is NaN is NaN, and would be added to the gradient of
 * parameters that all members share. Accepted steps are finite; the first slope need not be.
 */
import { at, convert, equal, greater, mapTree, scan, select, stopGradient, type Tensor } from "@leastaction/tensor";
import { mapTensors } from "../nn/tensor-tree.ts";
import type { Field, Solver } from "../solver/solver.ts";
import { statusCodes } from "./status.ts";
import type { StepRecord } from "./step-record.ts";

/** The tree as it is, with derivatives only when the status is `success`. */
export function differentiableIf<T>(status: Tensor, tree: T): T {
  const success = equal(status, statusCodes.success);
  return mapTensors((leaf) => select(success, leaf, stopGradient(leaf)), tree);
}

/** The solver, whose start is evaluated only when there are steps to follow; else it is zero. */
export function startingOnlyFor(solver: Solver, { count }: StepRecord): Solver {
  if (solver.startEvaluations === 0) return solver;
  const length = convert(greater(count, 0), "int32");
  return {
    ...solver,
    start: <Y>(field: Field<Y>, t: Tensor, y: Y): readonly Y[] => {
      const body = (none: Record<string, never>) => [none, solver.start(field, t, y)] as const;
      const [, memory] = scan(body, {}, {}, { bound: 1, length });
      return mapTree(memory, (leaf) => at(leaf as Tensor, 0)) as readonly Y[];
    },
  };
}
