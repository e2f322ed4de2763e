/**
 * Errors of two models over several data sets, compared as the logarithms that they spread evenly in.
 */
import { hostMath } from "../host-math/host-math.ts";
import { meanInterval, welchTest } from "./welch-test.ts";

/** A geometric mean, or a ratio of two, with its 95 % interval. */
export interface GeometricMean {
  readonly value: number;
  readonly interval: readonly [number, number];
}

/** A ratio of errors, and the probability of one as far from 1 if both models were alike. */
export interface ComparedErrors extends GeometricMean {
  /** Welch's, of the logarithms, which are not taken as pairs for it. */
  readonly p: number;
}

/** The geometric mean of at least two positive numbers, with Student's interval of their logarithms. */
export function geometricMean(values: readonly number[]): GeometricMean {
  const { mean, interval } = meanInterval(values.map(hostMath.log));
  return { value: hostMath.exp(mean), interval: [hostMath.exp(interval[0]), hostMath.exp(interval[1])] };
}

/**
 * exp of the mean difference of the logarithms, with Student's interval over the pairs.
 * @param pairs errors of the first and of the second model on the same data, at least two pairs, all positive
 */
export function compareErrors(pairs: readonly (readonly [number, number])[]): ComparedErrors {
  const [first, second] = [pairs.map(([a]) => hostMath.log(a)), pairs.map(([, b]) => hostMath.log(b))];
  return { ...geometricMean(pairs.map(([a, b]) => a / b)), p: welchTest(first, second) };
}
