/**
 * The Kalman filter and smoother of a path whose derivative of some order is white noise, measured with noise of
 * variance 1.
 *
 * In: a path without units (times in steps, values of order one), the order m and the roughness, the intensity of the
 * white noise in units of the measurements' variance. Out: for every sample how far it was from what the earlier ones
 * led to expect, or the path given all samples. The state is the position and its first m - 1 derivatives; matrices are
 * flat and overwritten in place, because this is the inner loop of reading a recording.
 * Source: Durbin, Koopman, 2012, "Time Series Analysis by State Space Methods", 2nd ed., sections 4.3 and 4.4.
 */
import { hostMath } from "../host-math/host-math.ts";

/** Values at rising times, both without units; NaN where missing. */
export interface Path {
  readonly clock: Float64Array;
  readonly values: Float64Array;
}

/** What a path may do between samples. */
export interface PathLaw {
  /** The derivative that is white noise, at least 2. */
  readonly order: number;
  readonly roughness: number;
}

/** What one pass over the samples says of one of them: value less expectation (NaN where missing), and its variance. */
export type OnSample = (error: number, variance: number) => void;

/** Variance of what is not known at the beginning, in units of what a step adds. */
const vague = 1e6;

/** Runs forward; `store` [n, m + m²] takes state and covariance before each sample was seen. */
export function filterPath(
  { clock, values }: Path,
  { order: m, roughness }: PathLaw,
  onSample: OnSample,
  store: Float64Array | null = null,
): void {
  const state = new Float64Array(m);
  const covariance = new Float64Array(m * m);
  state[0] = values.find((value) => !Number.isNaN(value)) ?? 0;
  for (let i = 0; i < m; i++) covariance[i * m + i] = vague * (1 + roughness);
  const step = stepOf(m);
  for (let row = 0; row < clock.length; row++) {
    store?.set(state, row * (m + m * m));
    store?.set(covariance, row * (m + m * m) + m);
    const error = (values[row] as number) - (state[0] as number);
    const variance = (covariance[0] as number) + 1;
    onSample(error, variance);
    if (!Number.isNaN(error)) learn(state, covariance, error, variance);
    advance(state, covariance, step(spacing(clock, row)), roughness);
  }
}

/** Position and derivatives at every time, given all samples: [n, m]. */
export function smoothPath(path: Path, law: PathLaw): Float64Array {
  const { clock, values } = path;
  const { order: m } = law;
  const count = clock.length;
  const width = m + m * m;
  const store = new Float64Array(width * count);
  filterPath(path, law, () => undefined, store);
  const states = new Float64Array(m * count);
  const step = stepOf(m);
  // What the samples from here on say, as a force on the state: r of Durbin and Koopman.
  const force = new Float64Array(m);
  for (let row = count - 1; row >= 0; row--) {
    const { transition } = step(spacing(clock, row));
    for (let j = m - 1; j >= 0; j--) {
      let sum = 0;
      for (let i = 0; i <= j; i++) sum += (transition[i * m + j] as number) * (force[i] as number);
      force[j] = sum;
    }
    const state = store.subarray(row * width, row * width + m);
    const covariance = store.subarray(row * width + m, (row + 1) * width);
    const error = (values[row] as number) - (state[0] as number);
    if (!Number.isNaN(error)) {
      const push = (error - rowTimes(covariance, 0, force)) / ((covariance[0] as number) + 1);
      force[0] = (force[0] as number) + push;
    }
    for (let i = 0; i < m; i++) states[row * m + i] = (state[i] as number) + rowTimes(covariance, i, force);
  }
  return states;
}

function spacing(clock: Float64Array, row: number): number {
  return row + 1 < clock.length ? (clock[row + 1] as number) - (clock[row] as number) : 0;
}

function rowTimes(matrix: Float64Array, row: number, vector: Float64Array): number {
  const m = vector.length;
  let sum = 0;
  for (let j = 0; j < m; j++) sum += (matrix[row * m + j] as number) * (vector[j] as number);
  return sum;
}

/** State and covariance once a sample is known. */
function learn(state: Float64Array, covariance: Float64Array, error: number, variance: number): void {
  const m = state.length;
  const gain = error / variance;
  for (let i = 0; i < m; i++) state[i] = (state[i] as number) + (covariance[i * m] as number) * gain;
  for (let i = 1; i < m; i++) {
    const share = (covariance[i * m] as number) / variance;
    for (let j = 1; j < m; j++)
      covariance[i * m + j] = (covariance[i * m + j] as number) - share * (covariance[j] as number);
  }
  // Written so that a nearly exact sample leaves its exact variance, not a difference of large numbers.
  for (let j = 0; j < m; j++) {
    covariance[j] = (covariance[j] as number) / variance;
    covariance[j * m] = covariance[j] as number;
  }
}

/** State and covariance one step later; the transition is upper triangular, so sums may overwrite as they go. */
function advance(state: Float64Array, covariance: Float64Array, { transition, growth }: Step, roughness: number): void {
  const m = state.length;
  for (let i = 0; i < m; i++) {
    let sum = 0;
    for (let k = i; k < m; k++) sum += (transition[i * m + k] as number) * (state[k] as number);
    state[i] = sum;
    for (let j = 0; j < m; j++) {
      sum = 0;
      for (let k = i; k < m; k++) sum += (transition[i * m + k] as number) * (covariance[k * m + j] as number);
      covariance[i * m + j] = sum;
    }
  }
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      let sum = roughness * (growth[i * m + j] as number);
      for (let k = j; k < m; k++) sum += (covariance[i * m + k] as number) * (transition[j * m + k] as number);
      covariance[i * m + j] = sum;
    }
  }
}

/** Of one step: how the state goes on, and what unit white noise adds to its covariance; [m, m] each. */
interface Step {
  readonly transition: Float64Array;
  readonly growth: Float64Array;
}

/** Steps by their length; equal lengths in a row are computed once. */
function stepOf(m: number): (h: number) => Step {
  const factorials = Array.from({ length: m }, (_, n) => factorial(n));
  const step = { transition: new Float64Array(m * m), growth: new Float64Array(m * m) };
  let length = Number.NaN;
  return (h) => {
    if (h === length) return step;
    length = h;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) {
        step.transition[i * m + j] = j < i ? 0 : hostMath.power(h, j - i) / (factorials[j - i] as number);
        const power = 2 * m - 1 - i - j;
        const divisor = power * (factorials[m - 1 - i] as number) * (factorials[m - 1 - j] as number);
        step.growth[i * m + j] = hostMath.power(h, power) / divisor;
      }
    }
    return step;
  };
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
