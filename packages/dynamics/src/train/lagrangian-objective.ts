/**
 * What a Lagrangian neural ODE is trained for: positions along its motions, and the Helmholtz metric there.
 *
 * In: positions of N trajectories at T common times, scaled. A step takes the points up to a time that grows with the
 * training; how many is a number known at run time. The loss is L_R + w L_H: L_R the mean squared error of the positions,
 * L_H the mean of the metric at the points of the predicted motions, which are constants of it: it reaches f where f is
 * differentiated in the conditions and g, never through the motion. L_H must not drown the data early, so its gradient is
 * cut by itself, the part on f to a small norm, before that of L_R is added.
 *
 * Source: Wolf, Buck, Schäfer, 2025, arXiv:2510.06367, and its code.
 */

import {
  add,
  array,
  convert,
  type DType,
  div,
  equal,
  expandDimensions,
  type HostTensor,
  iota,
  less,
  mul,
  reshape,
  select,
  slice,
  square,
  stack,
  stopGradient,
  sub,
  sum,
  type Tensor,
  valueAndGrad,
  vjp,
  vmap,
  zerosLike,
} from "@leastaction/tensor";
import { helmholtzMetric } from "../diagnostic/helmholtz/helmholtz-metric.ts";
import { hostMath } from "../host-math/host-math.ts";
import type { BatchMotion, LagrangianOde, LagrangianOdeParameters, MotionSolver } from "../model/lagrangian-ode.ts";
import { zipTensors } from "../nn/tensor-tree.ts";
import { clipByGlobalNorm } from "../optim/clip-by-global-norm.ts";
import { hostRandom } from "../random/host-random.ts";
import type { Objective } from "./objective.ts";
import { shuffledEpochs } from "./shuffled-epochs.ts";

/** How a Lagrangian neural ODE is trained; the defaults are the published ones. */
export interface LagrangianRecipe {
  /** w; 0 leaves the metric out, and trains a plain neural ODE of second order. Default 1. */
  readonly weight?: number;
  /** Trajectories in a batch; default 128. */
  readonly batch?: number;
  /** The most that the norms of the gradient of w L_H may be on f and on g; default 0.05 and 5. */
  readonly clip?: { readonly field: number; readonly metric: number };
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
 */
export function lagrangianObjective(
  ode: LagrangianOde,
  data: ScaledTrajectories,
  training: LagrangianRecipe & { readonly seed: number; readonly dtype: DType },
): Objective {
  const { weight = 1, batch: wanted = 128, clip = { field: 0.05, metric: 5 }, solver } = training;
  const { times, count } = data;
  const size = Math.min(wanted, count);
  const rowsOf = shuffledEpochs(hostRandom(training.seed).fork(78), count, size);
  type P = LagrangianOdeParameters<Tensor>;
  const host = array(Float64Array.from(times));
  const motion = (parameters: P, { positions, length }: Batch): BatchMotion =>
    ode.motion(parameters, startsOf(positions), host, { length, ...(solver === undefined ? {} : { solver }) });
  const errorOf =
    ({ positions, length }: Batch) =>
    (x: Tensor): Tensor =>
      meanOverTimes(square(sub(x, positions)), length);
  const structureOf = (parameters: Pick<P, "field" | "metric">, { x, v }: BatchMotion, { length }: Batch): Tensor =>
    mul(metricAlong(ode, parameters, host, x, v, length), weight);
  return {
    name: weight === 0 ? "positions" : "positions and Helmholtz metric",
    terms: weight === 0 ? ["positions"] : ["positions", "metric"],
    ...(weight === 0 ? {} : { watched: "metric" }),
    batch: (_random, _fraction, step): Record<keyof Batch, HostTensor> => ({
      positions: gathered(data, rowsOf(step), ode.dimensions, training.dtype),
      length: array(Int32Array.of(timesAt(step, times.length, training.halfTimesAt ?? 1200)), []),
    }),
    loss: (parameters, batch: Batch) => {
      const found = motion(parameters as P, batch);
      const error = errorOf(batch)(found.x);
      return termsOf(found, weight === 0 ? [error] : [error, structureOf(parameters as P, found, batch)]);
    },
    descent: (given, batch: Batch) => {
      const parameters = given as P;
      const { value, pullback } = vjp((tree: P) => motion(tree, batch), parameters);
      const found = value as unknown as BatchMotion;
      const [error, slope] = valueAndGrad(errorOf(batch))(found.x);
      const none = { v: zerosLike(found.v), status: zerosLike(found.status) };
      const [ofData] = pullback({ x: slope, ...none } as never) as unknown as [P];
      if (weight === 0) return [termsOf(found, [error]), ofData];
      const { field, metric } = parameters;
      const [structure, ofStructure] = valueAndGrad((tree: Pick<P, "field" | "metric">) =>
        structureOf(tree, found, batch),
      )({ field, metric }) as unknown as [Tensor, Pick<P, "field" | "metric">];
      const [onField] = clipByGlobalNorm(ofStructure.field, clip.field);
      const [onMetric] = clipByGlobalNorm(ofStructure.metric, clip.metric);
      const direction = { field: zipTensors(add, ofData.field, onField), metric: onMetric, start: ofData.start };
      return [termsOf(found, [error, structure]), direction];
    },
  };
}

/** Terms of a loss [k], not numbers where the motion was not reached. */
function termsOf({ status }: BatchMotion, terms: readonly Tensor[]): Tensor {
  return select(equal(status, 0), stack(terms), Number.NaN);
}

/** The mean of the metric over the first `length` times of motions [B, T, n], which are constants of it. */
function metricAlong(
  ode: LagrangianOde,
  parameters: Pick<LagrangianOdeParameters, "field" | "metric">,
  times: HostTensor,
  x: Tensor,
  v: Tensor,
  length: Tensor,
): Tensor {
  const [field, metric] = [ode.acceleration(parameters), ode.metric(parameters)];
  const atPoint = (t: Tensor, place: Tensor, speed: Tensor): Tensor =>
    helmholtzMetric(field, metric, [t, place, speed]).total;
  const alongOne = (place: Tensor, speed: Tensor): Tensor => vmap(atPoint)(convert(times, x.dtype), place, speed);
  return meanOverTimes(expandDimensions(vmap(alongOne)(stopGradient(x), stopGradient(v)), 2), length);
}

/** The mean over all of [B, T, k] whose time is among the first `length`. */
function meanOverTimes(values: Tensor, length: Tensor): Tensor {
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
