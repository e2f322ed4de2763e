/**
 * The gradient of a reversible solver: the steps are undone one by one, and each is differentiated where it is found. No
 * state is kept but the last; the gradient is that of the discrete solution, to rounding.
 */
import { add, and, less, scan, select, type Tensor, take, vjp } from "@leastaction/tensor";
import { mapTensors, zerosOf, zipTensors } from "../../nn/tensor-tree.ts";
import type { ReversibleSolver } from "../../solver/reversible.ts";
import type { Problem } from "../problem.ts";
import type { StepRecord } from "../step-record.ts";
import {
  type ClosedWalk,
  closedWalk,
  type Pieces,
  type Variables,
  type WalkConstants,
  type WalkResult,
} from "./closed-walk.ts";
import type { Reading } from "./reading.ts";
import type { Reads } from "./reads.ts";
import { inGivenOrder, placesOf, type Standing, stepOfTurn, type Turn, takeTurn } from "./walk.ts";
import { withTranspose } from "./with-transpose.ts";

/** The end and the states at the reads; the steps and the times of the reads are constants. */
export function reversibly<Y>(
  problem: Problem<Y>,
  solver: ReversibleSolver,
  record: StepRecord,
  reads: Reads | null,
): Reading<Y> {
  const closed = closedWalk({ ...problem, solver }, record, reads);
  const walked = withTranspose<Variables<Y>, WalkConstants, WalkResult<Y>>(
    closed.run,
    (x, constants, result, cotangent) => undone(solver, closed, constants, x, result, cotangent),
  );
  const { end, states } = walked(closed.variables, closed.constants);
  const [read] = states;
  return {
    y: end.y,
    states: reads === null || read === undefined ? null : inGivenOrder(problem, record, reads, read),
  };
}

interface Backward<Y> {
  readonly at: Standing<Y>;
  readonly cotangent: Standing<Y>;
  readonly parameters: readonly Tensor[];
}

function undone<Y>(
  solver: ReversibleSolver,
  closed: ClosedWalk<Y>,
  constants: WalkConstants,
  x: Variables<Y>,
  { end }: WalkResult<Y>,
  cotangent: WalkResult<Y>,
): Variables<Y> {
  const pieces = closed.piecesOf(x, constants);
  const start: Backward<Y> = { at: end, cotangent: cotangent.end, parameters: zerosOf(x.parameters) };
  const [{ cotangent: first, parameters }] = scan<Backward<Y>, Turn, Record<string, never>>(
    (carry, turn) => {
      const at = before(solver, pieces, carry.at, turn);
      const reads = cotangent.states.map((series) => readCotangents(pieces, series, turn));
      const { pullback } = vjp(turnOf(closed, constants, turn), at, x.parameters);
      const [back, more] = pullback({ next: carry.cotangent, states: reads }) as [Standing<Y>, readonly Tensor[]];
      return [{ at, cotangent: back, parameters: zipTensors(add, carry.parameters, more) }, {}];
    },
    start,
    constants.schedule,
    { length: constants.length, reverse: true },
  );
  // The second state of a reversible solver starts where the first does.
  const [second] = first.memory as readonly [Y];
  return { y0: zipTensors(add, first.y, second), parameters };
}

/** A turn as a function of where it starts and of the parameters. */
function turnOf<Y>(
  closed: ClosedWalk<Y>,
  constants: WalkConstants,
  turn: Turn,
): (from: Standing<Y>, parameters: readonly Tensor[]) => { next: Standing<Y>; states: readonly Y[] } {
  return (from, parameters) => {
    const { problem, record, reads, width } = closed.piecesOf({ y0: from.y, parameters }, constants);
    if (width > 0) {
      const { next, states } = takeTurn(problem, record, reads, width, from, turn);
      return { next, states: [states] };
    }
    const { t, h } = stepOfTurn(record, turn);
    const { y, memory } = problem.solver.step(problem.field, t, h, from.y, from.memory);
    return { next: { y, memory }, states: [] };
  };
}

function before<Y>(solver: ReversibleSolver, { problem, record }: Pieces<Y>, at: Standing<Y>, turn: Turn): Standing<Y> {
  const { t, h } = stepOfTurn(record, turn);
  const earlier = solver.undo(problem.field, t, h, at.y, at.memory);
  const moves = and(less(0, turn.moves), less(turn.step, record.count));
  return zipTensors((a, b) => select(moves, a, b), earlier, at);
}

/** Cotangents of what a turn has read; zero for what it has not, since the place behind the last has none. */
function readCotangents<Y>({ reads, width }: Pieces<Y>, series: Y, turn: Turn): Y {
  const places = placesOf(reads, width, turn);
  return mapTensors((leaf) => take(leaf, places), series);
}
