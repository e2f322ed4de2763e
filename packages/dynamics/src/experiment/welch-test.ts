/**
 * Means of two samples, and of pairs, compared by Student's distribution.
 */
import { hostMath } from "../host-math/host-math.ts";
import { studentQuantile } from "../host-math/student-quantile.ts";

/** A mean with an interval. */
export interface MeanInterval {
  readonly mean: number;
  readonly interval: readonly [number, number];
}

/**
 * The probability of a difference of means at least as large as that of two samples, if there were none; two-sided,
 * variances need not be equal. Welch, 1947, "The generalization of Student's problem when several different population
 * variances are involved", doi:10.1093/biomet/34.1-2.28.
 *
 * @param first at least two numbers
 * @param second at least two numbers
 */
export function welchTest(first: readonly number[], second: readonly number[]): number {
  const [a, b] = [varianceOfMean(first), varianceOfMean(second)];
  const difference = mean(first) - mean(second);
  if (a + b === 0) return difference === 0 ? 1 : 0;
  const freedom = (a + b) ** 2 / (a ** 2 / (first.length - 1) + b ** 2 / (second.length - 1));
  return studentTails(difference / Math.sqrt(a + b), freedom);
}

/** The mean of at least two numbers with its 95 % interval. */
export function meanInterval(values: readonly number[]): MeanInterval {
  const centre = mean(values);
  const half = studentQuantile(0.95, values.length - 1) * Math.sqrt(varianceOfMean(values));
  return { mean: centre, interval: [centre - half, centre + half] };
}

function mean(values: readonly number[]): number {
  return values.reduce((total, x) => total + x, 0) / values.length;
}

function varianceOfMean(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((total, x) => total + (x - centre) ** 2, 0) / (values.length - 1) / values.length;
}

/** P(|T| >= |t|) for Student's T. */
function studentTails(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** The regularised incomplete beta function I_x(a, b), by its continued fraction: DLMF 8.17.22. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front =
    hostMath.exp(a * hostMath.log(x) + b * hostMath.log(1 - x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  let fraction = 0;
  for (let m = 200; m >= 1; m--) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    fraction = even / (1 + odd / (1 + fraction));
  }
  const first = (-(a + b) * x) / (a + 1);
  return front / (1 + first / (1 + fraction));
}

/** ln Gamma(x) for x > 0: Stirling's series beyond 10, reached by the recurrence. */
function logGamma(x: number): number {
  if (x < 10) return logGamma(x + 1) - hostMath.log(x);
  const r = 1 / (x * x);
  return (
    (x - 0.5) * hostMath.log(x) -
    x +
    0.5 * hostMath.log(2 * Math.PI) +
    (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r / 1680))) / x
  );
}
