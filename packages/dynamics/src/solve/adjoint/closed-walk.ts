/**
 * A walk as a function with nothing hidden: of what it can be differentiated in, and of what is constant.
 */
import { full, iota, isFloat, scan, stopGradient, type Tensor } from "@leastaction/tensor";
import { mapTensors } from "../../nn/tensor-tree.ts";
import { startingOnlyFor } from "../failed-member.ts";
import type { Problem } from "../problem.ts";
import type { StepRecord } from "../step-record.ts";
import { openProblem } from "./open-problem.ts";
import { type Reads, type Schedule, type Turns, turnsFor } from "./reads.ts";
import { type Standing, walk, walkReading } from "./walk.ts";

/** What derivatives are taken to. */
export interface Variables<Y> {
  readonly y0: Y;
  readonly parameters: readonly Tensor[];
}

/** What has no derivative. */
export interface WalkConstants {
  readonly t0: Tensor;
  readonly direction: Tensor;
  readonly starts: Tensor;
  readonly steps: Tensor;
  readonly count: Tensor;
  /** Times of the reads in order; extent 1 without reads. */
  readonly signed: Tensor;
  readonly schedule: Schedule;
  readonly length: Tensor;
  readonly others: readonly Tensor[];
}

/** The results; `states` in the order of the steps, one place more than there are reads; empty without reads. */
export interface WalkResult<Y> {
  readonly end: Standing<Y>;
  readonly states: readonly Y[];
}

/** The pieces of a walk, put together from its arguments. */
export interface Pieces<Y> {
  readonly problem: Problem<Y>;
  readonly record: StepRecord;
  readonly reads: Reads;
  readonly width: number;
}

/** A walk with nothing hidden. */
export interface ClosedWalk<Y> {
  readonly variables: Variables<Y>;
  readonly constants: WalkConstants;
  readonly run: (variables: Variables<Y>, constants: WalkConstants) => WalkResult<Y>;
  readonly piecesOf: (variables: Variables<Y>, constants: WalkConstants) => Pieces<Y>;
}

/** Closes a walk. */
export function closedWalk<Y>(problem: Problem<Y>, record: StepRecord, reads: Reads | null): ClosedWalk<Y> {
  const open = openProblem(problem);
  const turns = reads === null ? turnsWithoutReads(record) : turnsFor(problem, record, reads);
  const piecesOf = ({ y0, parameters }: Variables<Y>, constants: WalkConstants): Pieces<Y> => {
    const { t0, direction, starts, steps, count, signed } = constants;
    const field = open.fieldOf(parameters, constants.others);
    const ofSteps = { ...record, starts, steps, count };
    return {
      problem: { ...problem, field, y0, t0, direction, solver: startingOnlyFor(problem.solver, ofSteps) },
      record: ofSteps,
      reads: { signed, places: null, count: reads?.count ?? 0 },
      width: turns.width,
    };
  };
  const constants: WalkConstants = {
    t0: problem.t0,
    direction: problem.direction,
    starts: record.starts,
    steps: record.steps,
    count: record.count,
    signed: reads?.signed ?? full([1], 0, "float64"),
    schedule: turns.schedule,
    length: turns.length,
    others: open.constants,
  };
  return {
    variables: { y0: problem.y0, parameters: open.parameters },
    constants: mapTensors((leaf) => (isFloat(leaf.dtype) ? stopGradient(leaf) : leaf), constants),
    piecesOf,
    run: (x, given) => {
      const pieces = piecesOf(x, given);
      if (reads === null) return { end: walk(pieces.problem, pieces.record, scan), states: [] };
      const { schedule, length } = given;
      const found = walkReading(pieces.problem, pieces.record, pieces.reads, { ...turns, schedule, length }, scan);
      return { end: found.end, states: [found.states] };
    },
  };
}

/** One turn for each step, and nothing read. */
function turnsWithoutReads({ slots, count }: StepRecord): Turns {
  const none = full([slots], 0, "int32");
  const schedule = { step: iota([slots]), read: none, reads: none, moves: full([slots], 1, "int32") };
  return { schedule, width: 0, bound: slots, length: count };
}
