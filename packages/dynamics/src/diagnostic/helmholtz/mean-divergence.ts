/**
 * The long-time mean of tr(df/dv) along motions: how fast volumes of states grow or shrink in the long run.
 *
 * In: a field and motions of it. Out: the mean with an interval. Along every motion D ln det g = -tr(df/dv) for any g that
 * meets the second Helmholtz condition. So no g that is regular where motions end up can exist if the mean is not 0. At one
 * moment the trace depends on the coordinates; its long-time mean does not, as long as the change between them is bounded.
 *
 * Each motion counts by a mean whose weights vanish with all derivatives at both ends, exp(-1 / (u (1 - u))) of its share
 * u of time: for motions that are a sum of periods it converges faster than any power of their length, since what the ends
 * leave over does not come in (the plain mean keeps that over the length).
 */
import {
  at,
  compile,
  divergence,
  type HostTensor,
  slice,
  specOf,
  type Target,
  type Tensor,
  TensorError,
  vmap,
  wasm,
} from "@leastaction/tensor";
import { hostMath } from "../../host-math/host-math.ts";
import { studentQuantile } from "../../host-math/student-quantile.ts";
import type { SecondOrderField } from "./second-order-field.ts";

/** Options of `meanDivergence`. */
export interface MeanDivergenceOptions {
  readonly field: SecondOrderField;
  /** Rising times, positions and velocities along motions: [motions, times, 1 + 2 n], at least 16 times. */
  readonly points: HostTensor;
  /** Probability that the interval holds the mean, above 0 and below 1; default 0.95. */
  readonly level?: number;
  /** Default `wasm()`. */
  readonly target?: Target;
}

/** A long-time mean and how far it is known: 1/s. */
export interface MeanDivergence {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** The mean of each motion. */
  readonly motions: readonly number[];
}

/** With fewer motions the spread is taken from blocks of time. */
const fewestMotions = 5;
const blocksOfMotion = 8;
const fewestTimes = 2 * blocksOfMotion;

/**
 * The long-time mean of tr(df/dv) over motions, with an interval.
 *
 * Half the width is t times the standard error, plus how far the mean of both halves of the motions is from that of the
 * whole: what is left of the ends where motions hold few periods. From five motions up the standard error is that of
 * independent motions; with fewer it is that of eight blocks of time each, widened where neighbouring blocks go together.
 * It cannot know of anything slower than the motions are long.
 *
 * @example
 * // x'' = -x - 0.2 v loses volume at 0.2 /s everywhere.
 * const row = (t: number) => [t, Math.cos(t), -Math.sin(t)];
 * const points = array([Array.from({ length: 40 }, (_, i) => row(i / 4))]);
 * const found = await meanDivergence({ field: (_t, x, v) => sub(neg(x), mul(0.2, v)), points });
 * found.mean.toFixed(6); // => "-0.200000"
 *
 * Errors: points of another shape, not finite, or with times that do not rise.
 * Source of the weights: Das, Saiki, Sander, Yorke, 2017, "Quantitative quasiperiodicity", Nonlinearity 30, 4111,
 * doi:10.1088/1361-6544/aa84c2.
 */
export async function meanDivergence(options: MeanDivergenceOptions): Promise<MeanDivergence> {
  const { field, points, level = 0.95, target = wasm() } = options;
  const times = timesOf(points);
  const n = ((points.shape[2] as number) - 1) / 2;
  const trace = (point: Tensor): Tensor => {
    const [t, x, v] = [at(point, 0), slice(point, 0, 1, 1 + n), slice(point, 0, 1 + n, 1 + 2 * n)];
    return divergence((u) => field(t, x, u))(v);
  };
  const all = vmap(vmap(trace as never) as never) as unknown as (points: Tensor) => Tensor;
  const { data } = await compile(all, [specOf(points)], target).call(points);
  const rates = times.map((each, i) => Array.from(data.subarray(i * each.length, (i + 1) * each.length), Number));

  const motions = rates.map((each, i) => weightedMean(times[i] as number[], each, bump));
  const mean = meanOf(motions);
  const halves = rates.flatMap((each, i) => {
    return pieces(times[i] as number[], each, 2).map(([when, what]) => weightedMean(when, what, bump));
  });
  const blocks = rates.flatMap((each, i) => {
    return pieces(times[i] as number[], each, blocksOfMotion).map(([when, what]) => weightedMean(when, what, () => 1));
  });
  const spread =
    motions.length >= fewestMotions ? halfWidth(motions, level, 1) : halfWidth(blocks, level, togetherness(blocks));
  const width = spread + Math.abs(meanOf(halves) - mean);
  return { mean, low: mean - width, high: mean + width, motions };
}

/** The times of each motion. */
function timesOf({ shape, data }: HostTensor): number[][] {
  const [motions = 0, count = 0, width = 0] = shape;
  const fits = shape.length === 3 && motions > 0 && count >= fewestTimes && width >= 3 && width % 2 === 1;
  const times = Array.from({ length: fits ? motions : 0 }, (_, i) =>
    Array.from({ length: count }, (__, k) => data[(i * count + k) * width] as number),
  );
  const rise = times.every((each) => each.every((t, k) => k === 0 || t > (each[k - 1] as number)));
  if (fits && rise && data.every(Number.isFinite)) return times;
  const found = fits ? "times that do not rise or numbers that are not finite" : `shape [${shape.join(", ")}]`;
  throw new TensorError(
    `Cannot take a mean along motions: expected points of shape [motions, at least ${fewestTimes} times, 1 + 2 n] with rising times, got ${found}`,
    "Give time, n positions and n velocities in each row, in order of time, and leave out rows with missing values.",
  );
}

/** Weights by the share of time, 0 to 1. */
function bump(share: number): number {
  return share <= 0 || share >= 1 ? 0 : hostMath.exp(-1 / (share * (1 - share)));
}

/** The mean of values over time by the trapezoidal rule. */
function weightedMean(times: readonly number[], values: readonly number[], weight: (share: number) => number): number {
  const [first, last] = [times[0] as number, times.at(-1) as number];
  let [sum, total] = [0, 0];
  for (const [k, t] of times.entries()) {
    const around = (times[k + 1] ?? t) - (times[k - 1] ?? t);
    const w = around * weight((t - first) / (last - first));
    sum += w * (values[k] as number);
    total += w;
  }
  return sum / total;
}

/** Times and values in pieces of as many intervals as possible; neighbours share an end. */
function pieces(times: readonly number[], values: readonly number[], count: number): [number[], number[]][] {
  const end = (i: number): number => Math.round((i * (times.length - 1)) / count);
  return Array.from({ length: count }, (_, i) => [
    times.slice(end(i), end(i + 1) + 1),
    values.slice(end(i), end(i + 1) + 1),
  ]);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Half the width of the interval of a mean. */
function halfWidth(values: readonly number[], level: number, widening: number): number {
  const mean = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return studentQuantile(level, values.length - 1) * Math.sqrt((variance * widening) / values.length);
}

/** By how much the variance of the mean grows since each value resembles the one before. */
function togetherness(values: readonly number[]): number {
  const mean = meanOf(values);
  let [products, squares] = [0, 0];
  for (const [i, value] of values.entries()) {
    squares += (value - mean) ** 2;
    if (i > 0) products += (value - mean) * ((values[i - 1] as number) - mean);
  }
  const correlation = squares === 0 ? 0 : Math.min(0.9, Math.max(0, products / squares));
  return (1 + correlation) / (1 - correlation);
}
