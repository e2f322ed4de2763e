/**
 * The recorded steps once more, with states read on the way: what the discrete gradients are made of.
 *
 * A walk differs from the replay in that it keeps nothing of a step: it carries the state, and the states at the wanted
 * times, which are added to where they belong. Which loop it runs in is the caller's choice. The steps are constants.
 */
import {
  add,
  and,
  broadcastTo,
  convert,
  div,
  equal,
  expandDimensions,
  iota,
  less,
  type MapLeaves,
  maximum,
  minimum,
  mul,
  reshape,
  type ScanOptions,
  scatterAdd,
  select,
  slice,
  sub,
  type Tensor,
  take,
  zeros,
} from "@leastaction/tensor";
import { mapTensors, zipTensors } from "../../nn/tensor-tree.ts";
import type { Problem } from "../problem.ts";
import type { StepRecord } from "../step-record.ts";
import type { Reads, Turns } from "./reads.ts";

/** A loop such as `scan`. */
export type Loop = <Carry, Sequences, Results>(
  body: (carry: Carry, slices: Sequences) => readonly [Carry, Results],
  initial: Carry,
  sequences: Sequences,
  options: Pick<ScanOptions, "length" | "bound">,
) => [Carry, MapLeaves<Results, Tensor>];

/** Where a walk is. */
export interface Standing<Y> {
  readonly y: Y;
  readonly memory: readonly Y[];
}

/** What one turn is told: int32 scalars. */
export interface Turn {
  readonly step: Tensor;
  readonly read: Tensor;
  readonly reads: Tensor;
  readonly moves: Tensor;
}

/** What one turn does. */
export interface TurnResult<Y> {
  readonly next: Standing<Y>;
  /** The states at its reads, leading axis the width of the turns; zero where it reads less. */
  readonly states: Y;
}

/** Walks without reading. */
export function walk<Y>(problem: Problem<Y>, record: StepRecord, loop: Loop): Standing<Y> {
  const { field, solver } = problem;
  const [end] = loop<Standing<Y>, { t: Tensor; h: Tensor }, Record<string, never>>(
    ({ y, memory }, { t, h }) => {
      const step = solver.step(field, t, h, y, memory);
      return [{ y: step.y, memory: step.memory }, {}];
    },
    startOf(problem),
    { t: record.starts, h: record.steps },
    { length: record.count },
  );
  return end;
}

/** Walks and reads; the states are in the order of the steps, with one place more for what belongs nowhere. */
export function walkReading<Y>(
  problem: Problem<Y>,
  record: StepRecord,
  reads: Reads,
  turns: Turns,
  loop: Loop,
): { readonly end: Standing<Y>; readonly states: Y } {
  const places = reads.count + 1;
  const start = mapTensors((leaf) => zeros([places, ...leaf.shape], leaf.dtype), problem.y0);
  const [{ end, states }] = loop<{ readonly end: Standing<Y>; readonly states: Y }, Turn, Record<string, never>>(
    ({ end: now, states: before }, turn) => {
      const { next, states: read } = takeTurn(problem, record, reads, turns.width, now, turn);
      const where = placesOf(reads, turns.width, turn);
      const after = zipTensors((total, values) => add(total, scatterAdd(values, where, places)), before, read);
      return [{ end: next, states: after }, {}];
    },
    { end: startOf(problem), states: start },
    turns.schedule,
    { length: turns.length },
  );
  return { end, states };
}

/** Where a walk begins. */
export function startOf<Y>({ field, solver, t0, y0 }: Problem<Y>): Standing<Y> {
  return { y: y0, memory: solver.start(field, t0, y0) };
}

/** The step of a turn. One that is beyond the last has length zero. */
export function stepOfTurn(record: StepRecord, { step }: Turn): { readonly t: Tensor; readonly h: Tensor } {
  const h = take(record.steps, step);
  const last = maximum(sub(record.count, 1), 0);
  return { t: take(record.starts, minimum(step, last)), h: select(less(step, record.count), h, 0) };
}

/** One turn: a step, and the states at its reads. */
export function takeTurn<Y>(
  { field, solver, direction }: Problem<Y>,
  record: StepRecord,
  { signed }: Reads,
  width: number,
  { y, memory }: Standing<Y>,
  turn: Turn,
): TurnResult<Y> {
  const { t, h } = stepOfTurn(record, turn);
  const step = solver.step(field, t, h, y, memory);
  const times = mul(take(signed, add(turn.read, iota([width]))), direction);
  const length = select(equal(h, 0), 1, h);
  const fraction = minimum(maximum(div(sub(times, t), length), 0), 1);
  const used = less(iota([width]), turn.reads);
  const read = zipTensors((...parts) => polynomialAt(parts, fraction, used), ...atLeastOne(step.dense()));
  const moves = and(less(0, turn.moves), less(turn.step, record.count));
  const choose = (after: readonly Y[], before: readonly Y[]): readonly Y[] =>
    after.map((tree, i) => zipTensors((a, b) => select(moves, a, b), tree, before[i]));
  const [next, ...handed] = choose([step.y, ...step.memory], [y, ...memory]) as [Y, ...Y[]];
  return { next: { y: next, memory: handed }, states: read };
}

/** Where the reads of a turn belong; those that are not used go behind the last. */
export function placesOf({ count }: Reads, width: number, { read, reads }: Turn): Tensor {
  const offsets = iota([width]);
  return select(less(offsets, reads), add(read, offsets), count);
}

/** From the order of the steps, with one place more, to the order of the user. */
export function inGivenOrder<Y>({ y0 }: Problem<Y>, record: StepRecord, reads: Reads, states: Y): Y {
  return zipTensors(
    (series, first) => {
      const given = asGiven(reads, slice(series, 0, 0, reads.count));
      return select(less(0, record.count), given, broadcastTo(expandDimensions(first, 0), given.shape));
    },
    states,
    y0,
  );
}

/** A series in the order of the steps in that of the user. */
export function asGiven({ places }: Reads, series: Tensor): Tensor {
  return places === null ? series : take(series, places);
}

/** The polynomial of one tensor at the used fractions, zero at the others. */
function polynomialAt(coefficients: readonly Tensor[], fraction: Tensor, used: Tensor): Tensor {
  const [last, ...lower] = [...coefficients].reverse() as [Tensor, ...Tensor[]];
  const width = fraction.shape[0] as number;
  const shape = [width, ...last.shape];
  const column = [width, ...last.shape.map(() => 1)];
  const theta = broadcastTo(reshape(convert(fraction, last.dtype), column), shape);
  const wide = (leaf: Tensor): Tensor => broadcastTo(expandDimensions(leaf, 0), shape);
  const value = lower.reduce((sum, coefficient) => add(wide(coefficient), mul(sum, theta)), wide(last));
  return select(broadcastTo(reshape(used, column), shape), value, 0);
}

function atLeastOne<Y>(items: readonly Y[]): readonly [Y, ...Y[]] {
  return items as readonly [Y, ...Y[]];
}
