/**
 * What a model of motions is trained for: positions along its motions.
 *
 * In: positions of N trajectories at T common times, scaled. A step takes the points up to a time that grows with the
 * training; how many is a number known at run time. The loss is the mean squared error of the positions, and may have a
 * second term, the structure, with its own rule of descent.
 *
 * Source: Wolf, Buck, Schäfer, 2025, arXiv:2510.06367, and its code.
 */
import {
  array,
  convert,
  type DType,
  div,
  equal,
  type HostTensor,
  iota,
  less,
  mul,
  reshape,
  select,
  slice,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  valueAndGrad,
  vjp,
  zerosLike,
} from "@leastaction/tensor";
import { hostMath } from "../host-math/host-math.ts";
import type { BatchMotion, MotionModel, MotionSolver } from "../model/motion-model.ts";
import { hostRandom } from "../random/host-random.ts";
import type { Objective } from "./objective.ts";
import { shuffledEpochs } from "./shuffled-epochs.ts";

/** How motions are trained; the defaults are the published ones. */
export interface MotionRecipe {
  /** Trajectories in a batch; default 128. */
  readonly batch?: number;
  /** The step at which half of the times are used; default 1200. Share at step s: 1 / (1 + 3^(-2 (s / half - 1))). */
  readonly halfTimesAt?: number;
  /** Default adaptive. */
  readonly solver?: MotionSolver;
}

/** Scaled positions at common times. */
export interface ScaledTrajectories {
  /** [T], ascending. */
  readonly times: readonly number[];
  /** Row-major [N, T, n]. */
  readonly positions: Float64Array;
  readonly count: number;
}

/** What of a motion a second term sees: [B, T, n] each. */
export type SeenMotion = Pick<BatchMotion, "x" | "v">;

/** A second term of the loss. */
export interface MotionStructure<P> {
  readonly name: string;
  /** Its value along motions of which the first `length` times count; they are constants of it. */
  readonly loss: (parameters: P, motion: SeenMotion, length: Tensor) => Tensor;
  /** The same, and what is descended along: the gradient of the error of the positions with its own part. */
  readonly descent: (parameters: P, motion: SeenMotion, length: Tensor, ofError: P) => readonly [Tensor, P];
}

/** A batch as it is traced. */
interface Batch {
  /** [B, T, n]. */
  readonly positions: Tensor;
  /** How many times count: int32 scalar. */
  readonly length: Tensor;
}

/** Above this the share of the times is 1. */
const whole = 0.999;
const leastTimes = 2;

/** How many of `count` times a training uses at a step. */
export function timesAt(step: number, count: number, halfTimesAt: number): number {
  const share = 1 / (1 + hostMath.exp(-2 * hostMath.log(3) * (step / halfTimesAt - 1)));
  return share >= whole ? count : Math.min(count, Math.max(leastTimes, Math.floor(share * count)));
}

/**
 * The objective.
 * @param seed of the order of the trajectories: each is seen once before any is seen again
 * @param structure the second term, or null: a plain fit of the positions
 */
export function motionObjective<P>(
  model: MotionModel<P>,
  data: ScaledTrajectories,
  training: MotionRecipe & { readonly seed: number; readonly dtype: DType },
  structure: MotionStructure<P> | null = null,
): Objective {
  const { batch: wanted = 128, solver } = training;
  const { times, count } = data;
  const size = Math.min(wanted, count);
  const rowsOf = shuffledEpochs(hostRandom(training.seed).fork(78), count, size);
  const host = array(Float64Array.from(times));
  const motion = (parameters: P, { positions, length }: Batch): Omit<BatchMotion, "a"> => {
    const options = { length, ...(solver === undefined ? {} : { solver }) };
    const { x, v, status } = model.motion(parameters, startsOf(positions), host, options);
    return { x, v, status };
  };
  const errorOf =
    ({ positions, length }: Batch) =>
    (x: Tensor): Tensor =>
      meanOverTimes(square(sub(x, positions)), length);
  return {
    name: structure === null ? "positions" : `positions and ${structure.name}`,
    terms: structure === null ? ["positions"] : ["positions", structure.name],
    ...(structure === null ? {} : { watched: structure.name }),
    batch: (_random, _fraction, step): Record<keyof Batch, HostTensor> => ({
      positions: gathered(data, rowsOf(step), model.dimensions, training.dtype),
      length: array(Int32Array.of(timesAt(step, times.length, training.halfTimesAt ?? 1200)), []),
    }),
    loss: (given, batch: Batch) => {
      const parameters = given as P;
      const found = motion(parameters, batch);
      const error = errorOf(batch)(found.x);
      return termsOf(found, structure === null ? [error] : [error, structure.loss(parameters, found, batch.length)]);
    },
    descent: (given, batch: Batch) => {
      const parameters = given as P;
      const { value, pullback } = vjp((tree: P) => motion(tree, batch), parameters);
      const found = value as unknown as Omit<BatchMotion, "a">;
      const [error, slope] = valueAndGrad(errorOf(batch))(found.x);
      const none = { v: zerosLike(found.v), status: zerosLike(found.status) };
      const [ofError] = pullback({ x: slope, ...none } as never) as unknown as [P];
      if (structure === null) return [termsOf(found, [error]), ofError];
      const [held, direction] = structure.descent(parameters, found, batch.length, ofError);
      return [termsOf(found, [error, held]), direction];
    },
  };
}

/** Terms of a loss [k], not numbers where the motion was not reached. */
function termsOf({ status }: Pick<BatchMotion, "status">, terms: readonly Tensor[]): Tensor {
  return select(equal(status, 0), stack(terms), Number.NaN);
}

/** The mean over all of [B, T, k] whose time is among the first `length`. */
export function meanOverTimes(values: Tensor, length: Tensor): Tensor {
  const [rows, times, width] = values.shape as [number, number, number];
  const counts = reshape(less(iota([times]), length), [1, times, 1]);
  return div(sum(select(counts, values, zerosLike(values))), mul(convert(length, values.dtype), rows * width));
}

function startsOf(positions: Tensor): Tensor {
  const [rows, , width] = positions.shape as [number, number, number];
  return reshape(slice(positions, 1, 0, 1), [rows, width]);
}

function gathered(
  { positions, times }: ScaledTrajectories,
  rows: readonly number[],
  n: number,
  dtype: DType,
): HostTensor {
  const width = times.length * n;
  const shape = [rows.length, times.length, n];
  const data = dtype === "float32" ? new Float32Array(rows.length * width) : new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    data.set(positions.subarray(row * width, (row + 1) * width), i * width);
  });
  return array(data, shape);
}
