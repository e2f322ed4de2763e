/**
 * Rollouts on a given grid of times: the solver steps from each time to the next, so every state is a step's own result.
 *
 * This is the form for training on measured samples: one scan, no search for steps, no dense output, irregular times
 * and run-time lengths for free, differentiable with respect to everything.
 */
import {
  add,
  array,
  at,
  broadcastTo,
  checkpointedScan,
  concatenate,
  convert,
  div,
  expandDimensions,
  iota,
  mul,
  reshape,
  scan,
  slice,
  sub,
  type Tensor,
  TensorError,
  type TensorLike,
  type Traced,
} from "@leastaction/tensor";
import { mapTensors, zipTensors } from "../nn/tensor-tree.ts";
import { expectFieldForm } from "../solver/field-form.ts";
import { rk4 } from "../solver/rk4.ts";
import type { Solver } from "../solver/solver.ts";

/** Options of `solveOnGrid`. */
export interface GridOptions<Y, H> {
  /** y' = f(t, y, held); `held` is the slice of `held` for the interval of t. */
  readonly field: (t: Tensor, y: Traced<Y>, held: Traced<H>) => Traced<Y>;
  /** At least two times, float64 [n]; increasing or decreasing, not necessarily equally spaced. */
  readonly times: TensorLike | readonly number[];
  /** The state at the first time. */
  readonly y0: Y;
  /** Default `rk4`. */
  readonly solver?: Solver;
  /** Equal steps in each interval; a positive integer, default 1. */
  readonly substeps?: number;
  /** Tensors with a leading axis of n - 1: one slice is handed to the field in each interval (a held control). */
  readonly held?: H;
  /** How many intervals are run: int32 scalar, at most n - 1; default all. The states of the others are zero. */
  readonly length?: TensorLike;
  /**
   * Whether a gradient keeps what the square root of all steps leaves, and computes the states twice; default false: it
   * keeps what all steps leave. The gradient is the same.
   */
  readonly checkpoint?: boolean;
}

interface Carry<Y> {
  readonly y: Y;
  /** What the last step handed on; empty with held values, which may jump between intervals. */
  readonly memory: readonly Y[];
}

/**
 * The states at all times, `y0` first: a tree like the state, each leaf with a leading axis of n.
 * Errors: fewer than two times, substeps that are not a positive integer, a field of another form than the solver
 * takes.
 */
export function solveOnGrid<Y, H = Record<string, never>>(options: GridOptions<Y, H>): Traced<Y> {
  return onGrid(options as unknown as InnerOptions<Traced<Y>, Traced<H>>);
}

/** The options with one type for the state. */
interface InnerOptions<Y, H> extends Omit<GridOptions<unknown, unknown>, "field" | "y0" | "held"> {
  readonly field: (t: Tensor, y: Y, held: H) => Y;
  readonly y0: Y;
  readonly held?: H;
}

function onGrid<Y, H>(options: InnerOptions<Y, H>): Y {
  const { field, solver = rk4, substeps = 1, held = {} as H } = options;
  const y0 = mapTensors((leaf) => leaf, options.y0);
  const smooth = options.held === undefined;
  const times = gridOf(options.times);
  const intervals = (times.shape[0] as number) - 1;
  expectCounts(intervals, substeps);
  expectFieldForm(
    solver,
    (t, y) =>
      field(
        t,
        y,
        mapTensors((leaf) => at(leaf, 0), held),
      ),
    y0,
  );
  const starts = slice(times, 0, 0, intervals);
  const steps = div(sub(slice(times, 0, 1), starts), substeps);
  const loop = options.checkpoint === true ? checkpointedScan : scan;
  const [, states] = loop<Carry<Y>, { t: Tensor; h: Tensor; held: H }, Y>(
    ({ y, memory }, { t, h, held: now }) => {
      const inside = (time: Tensor, state: Y): Y => field(time, state, now);
      const step = solver.step(inside, t, h, y, smooth ? memory : solver.start(inside, t, y));
      return [{ y: step.y, memory: smooth ? step.memory : [] }, step.y];
    },
    { y: y0, memory: smooth ? solver.start((t, y) => field(t, y, held), at(times, 0), y0) : [] },
    {
      t: fineStarts(starts, steps, substeps),
      h: repeated(steps, substeps),
      held: mapTensors((leaf) => repeated(leaf, substeps), held),
    },
    options.length === undefined ? {} : { length: mul(convert(options.length, "int32"), substeps) },
  );
  return zipTensors(
    (first, series) => concatenate([expandDimensions(first, 0), slice(series, 0, substeps - 1, undefined, substeps)]),
    y0,
    states,
  );
}

/** Every slice `times` times in a row. */
function repeated(x: Tensor, times: number): Tensor {
  if (times === 1) return x;
  const [count, ...rest] = x.shape as [number, ...number[]];
  return reshape(broadcastTo(expandDimensions(x, 1), [count, times, ...rest]), [count * times, ...rest]);
}

function fineStarts(starts: Tensor, steps: Tensor, substeps: number): Tensor {
  if (substeps === 1) return starts;
  const count = starts.shape[0] as number;
  const offsets = mul(expandDimensions(steps, 1), iota([count, substeps], 1, "float64"));
  return reshape(add(expandDimensions(starts, 1), offsets), [count * substeps]);
}

function gridOf(times: TensorLike | readonly number[]): Tensor {
  const grid = Array.isArray(times) ? array(Float64Array.from(times as readonly number[])) : (times as TensorLike);
  return convert(grid, "float64");
}

function expectCounts(intervals: number, substeps: number): void {
  if (intervals >= 1 && Number.isInteger(substeps) && substeps >= 1) return;
  throw new TensorError(
    `Cannot solve on a grid: expected at least two times and a positive number of substeps, got ${intervals + 1} times and ${substeps} substeps`,
    "Give the measured times, the first with y0.",
  );
}
