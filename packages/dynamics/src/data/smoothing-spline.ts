/**
 * Positions, velocities and accelerations from noisy positions by a smoothing spline, with the noise it finds.
 *
 * In: irregular times and one coordinate, missing values allowed. Out: the expected path, given the measurements, of a
 * path whose derivative of order m is white noise: the smoothing spline of degree 2 m - 1. Two things are free, the order
 * (3, 4 or 5) and how rough the path is against the noise. They are those with the greatest likelihood, which prices the
 * forecast of each next sample by the ones before; the noise follows from them, or is at least a stated one (the quantum
 * of an encoder). It takes n steps of a Kalman filter and n back; gaps and ends need no rule of their own.
 *
 * Source: Wahba, 1978, "Improper priors, spline smoothing and the problem of guarding against model errors in
 * regression", JRSS B 40, 364 (path and spline); Wecker, Ansley, 1983, JASA 78, 81, doi:10.1080/01621459.1983.10477935
 * (filter and likelihood).
 */

import { hostMath } from "../host-math/host-math.ts";
import { median, timeSteps } from "./oddity-measure.ts";
import { filterPath, type Path, type PathLaw, smoothPath } from "./path-filter.ts";

/** A smoothed path, n times. */
export interface SplineMotion {
  /** [n] in the unit of the values. */
  readonly positions: Float64Array;
  /** [n] per s. */
  readonly velocities: Float64Array;
  /** [n] per s². */
  readonly accelerations: Float64Array;
  /** Standard deviation of the measurements about the path. */
  readonly noise: number;
}

/** What is known beforehand. */
export interface SplineOptions {
  /** The noise is at least this, in the unit of the values; default 0. */
  readonly leastNoise?: number;
}

const orders: readonly number[] = [3, 4, 5];
/** The first samples only tell where a path begins: they are not priced. */
const unpriced = 5;
/** Noise below this share of the values' spread is rounding. */
const leastRelativeNoise = 1e-9;
/** Order and roughness are chosen on at most this many samples, in pieces spread over the recording. */
const judgedSamples = 900;
const judgedPieces = 3;
/** Decades of the roughness, in units of the noise and the median step, that are looked at: two at a time, then between. */
const decades: readonly [number, number] = [-18, 14];
/** Longer recordings are smoothed in parts of so many samples, with a margin on both sides that is thrown away. */
const longest = 20_000;
const margin = 1_000;

/**
 * Smooths one coordinate.
 * @param times [n] s, increasing
 * @param values [n]; NaN where missing
 * @returns NaN everywhere where fewer than six values are there
 */
export function smoothingSpline(
  times: Float64Array,
  values: Float64Array,
  { leastNoise = 0 }: SplineOptions = {},
): SplineMotion {
  const count = times.length;
  const known = values.filter((value) => !Number.isNaN(value));
  const step = median(timeSteps(times)) ?? 1;
  const middle = median(known) ?? 0;
  const spread = Math.sqrt(known.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, known.length));
  if (known.length <= unpriced) return resting(count, Number.NaN, 0);
  if (spread === 0) return resting(count, middle, leastNoise);
  // In units of the spread and of the median step every number is of order one.
  const path: Path = {
    clock: times.map((time) => (time - (times[0] as number)) / step),
    values: values.map((value) => (value - middle) / spread),
  };
  const { law, noise } = likeliest(path, Math.max(leastRelativeNoise, leastNoise / spread));
  const states = smoothInParts(path, law);
  const column = (at: number, unit: number, shift = 0): Float64Array =>
    Float64Array.from({ length: count }, (_, row) => shift + unit * (states[row * law.order + at] as number));
  return Object.freeze({
    positions: column(0, spread, middle),
    velocities: column(1, spread / step),
    accelerations: column(2, spread / step ** 2),
    noise: noise * spread,
  });
}

function resting(count: number, value: number, noise: number): SplineMotion {
  const rest = new Float64Array(count).fill(Number.isNaN(value) ? value : 0);
  return { positions: new Float64Array(count).fill(value), velocities: rest, accelerations: rest, noise };
}

/** The law with the greatest likelihood, and the noise: what suits it best, at least `floor`. */
function likeliest(path: Path, floor: number): { readonly law: PathLaw; readonly noise: number } {
  const pieces = piecesToJudge(path);
  const free = bestLaw(pieces, null);
  const found = noiseOf(pieces, free);
  if (found >= floor) return { law: free, noise: found };
  // Rounding of the machine leaves the law as it is; rounding of a sensor is noise that the law must not follow.
  return { law: floor > leastRelativeNoise ? bestLaw(pieces, floor) : free, noise: floor };
}

function piecesToJudge(path: Path): readonly Path[] {
  const count = path.clock.length;
  if (count <= judgedSamples) return [path];
  const length = judgedSamples / judgedPieces;
  return Array.from({ length: judgedPieces }, (_, index) => {
    const from = Math.floor((index * (count - length)) / (judgedPieces - 1));
    return part(path, from, from + length);
  });
}

function part({ clock, values }: Path, from: number, to: number): Path {
  return { clock: clock.subarray(from, to), values: values.subarray(from, to) };
}

function bestLaw(paths: readonly Path[], noise: number | null): PathLaw {
  const laws = orders.map((order) => {
    const cost = (exponent: number): number => misfit(paths, { order, roughness: hostMath.tenTo(exponent) }, noise);
    const exponent = leastBy(cost);
    return { order, roughness: hostMath.tenTo(exponent), cost: cost(exponent) };
  });
  const { order, roughness } = laws.reduce((best, law) => (law.cost < best.cost ? law : best));
  return { order, roughness };
}

/** The least point of a function of the exponent: on a grid, then by the golden section. */
function leastBy(cost: (exponent: number) => number): number {
  let [best, least] = [decades[0], Number.POSITIVE_INFINITY];
  for (let exponent = decades[0]; exponent <= decades[1]; exponent += 2) {
    const now = cost(exponent);
    if (now < least) [best, least] = [exponent, now];
  }
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [best - 2, best + 2];
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [atLeft, atRight] = [cost(left), cost(right)];
  while (high - low > 0.2) {
    if (atLeft < atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - golden * (high - low);
      atLeft = cost(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + golden * (high - low);
      atRight = cost(right);
    }
  }
  return (low + high) / 2;
}

/** -2 log likelihood up to a constant, with the noise that suits the law best or a stated one. */
function misfit(paths: readonly Path[], law: PathLaw, noise: number | null): number {
  const { squares, logarithms, samples } = surprise(paths, law);
  if (samples === 0) return 0;
  if (noise === null) return samples * hostMath.log(Math.max(squares / samples, 1e-300)) + logarithms;
  return squares / noise ** 2 + logarithms;
}

function noiseOf(paths: readonly Path[], law: PathLaw): number {
  const { squares, samples } = surprise(paths, law);
  return samples === 0 ? 0 : Math.sqrt(squares / samples);
}

interface Surprise {
  readonly squares: number;
  readonly logarithms: number;
  readonly samples: number;
}

/** Squared errors of the forecasts of each next sample over their variances, in units of the noise. */
function surprise(paths: readonly Path[], law: PathLaw): Surprise {
  let [squares, logarithms, samples] = [0, 0, 0];
  for (const path of paths) {
    let seen = 0;
    filterPath(path, law, (error, variance) => {
      if (Number.isNaN(error) || ++seen <= unpriced) return;
      squares += (error * error) / variance;
      logarithms += hostMath.log(variance);
      samples += 1;
    });
  }
  return { squares, logarithms, samples };
}

function smoothInParts(path: Path, law: PathLaw): Float64Array {
  const count = path.clock.length;
  if (count <= longest) return smoothPath(path, law);
  const states = new Float64Array(count * law.order);
  for (let from = 0; from < count; from += longest) {
    const first = Math.max(0, from - margin);
    const last = Math.min(count, from + longest + margin);
    const own = smoothPath(part(path, first, last), law);
    const end = Math.min(count, from + longest);
    states.set(own.subarray((from - first) * law.order, (end - first) * law.order), from * law.order);
  }
  return states;
}
