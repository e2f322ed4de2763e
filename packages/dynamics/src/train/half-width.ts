/**
 * The 95 % interval of what is computed from the parameters and the fitted delays of a fit by shooting.
 *
 * Residuals of a rollout are not independent: filtered samples overlap, the rounding of an encoder stays the same while
 * the angle hardly moves, and what a law gets wrong is smooth in time. They count for less than their number, and where
 * they are correlated matters. There are three estimates, and the widest one is given:
 * - Gauss–Newton's covariance s² H^-1, inflated by the integrated autocorrelation of the residuals up to its first zero;
 * - the sandwich H^-1 S H^-1, where S sums products of the scores of neighbouring samples within each window, with
 *   weights that fall to zero (Newey, West, 1987, equation 5, doi:10.2307/1913610), times m / (m - n);
 * - with five windows or more, the sandwich that takes each window as one sample, whatever happens inside it (Liang, Zeger,
 *   1986, doi:10.1093/biomet/73.1.13), times S / (S - 1) for S windows, and by Student's t for S - 1 degrees of freedom.
 */
import { hostMath } from "../host-math/host-math.ts";
import type { FitOfConstants } from "./member.ts";
import type { Shooting } from "./shooting.ts";

/** The 97.5 % point of the normal distribution. */
const normalQuantile = 1.959964;
/** Fewer windows than this are too few samples. */
const fewestWindows = 5;

/**
 * Half the width of the 95 % interval of a number by its derivative with respect to the parameters and fitted delays of a
 * fit; null where the data do not determine it.
 */
export function halfWidths({
  problem: make,
  solution,
}: Pick<FitOfConstants, "problem" | "solution">): (slope: Float64Array) => number | null {
  const n = solution.parameters.length;
  const problem = make();
  const residuals = Float64Array.from(problem.residuals(solution.parameters)).subarray(0, problem.dataCount);
  const jacobian = problem.jacobian(solution.parameters);
  const inflation = integratedAutocorrelation(residuals);
  const counted = residuals.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
  const freedom = counted / Math.max(1, counted - n);
  const variance = solution.residualDeviation ** 2;
  return (slope) => {
    if (slope.some((value, i) => value !== 0 && !Number.isFinite(solution.standardErrors[i] as number))) return null;
    const moved = productWith(solution.covariance, slope, n);
    const plain = slope.reduce((sum, value, i) => sum + value * (moved[i] as number), 0);
    // What each residual moves the number by.
    const influences = residuals.map((residual, row) => {
      let total = 0;
      for (let i = 0; i < n; i++) total += (jacobian[row * n + i] as number) * (moved[i] as number);
      return variance > 0 ? (residual * total) / variance : 0;
    });
    const variances = [inflation * plain, freedom * longRunVariance(influences, problem)];
    const width = Math.max(
      ...variances.map((value) => normalQuantile * Math.sqrt(Math.max(0, value))),
      byWindows(influences, problem),
    );
    return Number.isFinite(width) ? width : null;
  };
}

/** Covariance times slope; the slope counts the first unknowns only. */
function productWith(covariance: Float64Array, slope: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) =>
    slope.reduce((sum, value, j) => sum + value * (covariance[i * n + j] as number), 0),
  );
}

/** The variance of the sum of a series that is correlated over neighbouring times, window by window. */
function longRunVariance(series: Float64Array, { windowRows, rowsPerTime }: Shooting): number {
  const lags = Math.ceil(8 * hostMath.exp((2 / 9) * hostMath.log(windowRows / rowsPerTime / 100)));
  let total = 0;
  for (let row = 0; row < series.length; row++) {
    const value = series[row] as number;
    if (value === 0) continue;
    const left = windowRows - (row % windowRows);
    // Coordinates measured at the same time are neighbours too.
    for (let other = row - (row % rowsPerTime); other < row + left; other++) {
      const lag = Math.floor(other / rowsPerTime) - Math.floor(row / rowsPerTime);
      if (lag > lags) break;
      total += (lag === 0 ? 1 : 2) * (1 - lag / (lags + 1)) * value * (series[other] as number);
    }
  }
  return total;
}

/** The half width of the interval with each window as one sample; 0 with too few of them. */
function byWindows(series: Float64Array, { windowRows }: Shooting): number {
  const sums = new Float64Array(Math.floor(series.length / windowRows));
  for (let row = 0; row < sums.length * windowRows; row++) {
    const window = Math.floor(row / windowRows);
    sums[window] = (sums[window] as number) + (series[row] as number);
  }
  if (sums.length < fewestWindows) return 0;
  const variance = sums.reduce((sum, value) => sum + value * value, 0) * (sums.length / (sums.length - 1));
  return studentQuantile(sums.length - 1) * Math.sqrt(variance);
}

/** The 97.5 % point of Student's t, from 4 degrees of freedom on to 0.5 %: Cornish, Fisher, 1938; Abramowitz, Stegun, 26.7.5. */
function studentQuantile(freedom: number): number {
  const x = normalQuantile;
  const first = (hostMath.power(x, 3) + x) / 4;
  const second = (5 * hostMath.power(x, 5) + 16 * hostMath.power(x, 3) + 3 * x) / 96;
  const third = (3 * hostMath.power(x, 7) + 19 * hostMath.power(x, 5) + 17 * hostMath.power(x, 3) - 15 * x) / 384;
  return x + first / freedom + second / freedom ** 2 + third / (freedom * freedom * freedom);
}

/** 1 + 2 sum of autocorrelations up to the first that is not positive, at least 1. */
function integratedAutocorrelation(values: Float64Array): number {
  const power = values.reduce((sum, value) => sum + value * value, 0);
  let total = 1;
  for (let lag = 1; lag < values.length / 4 && power > 0; lag++) {
    let product = 0;
    for (let i = lag; i < values.length; i++) product += (values[i] as number) * (values[i - lag] as number);
    if (product <= 0) break;
    total += (2 * product) / power;
  }
  return total;
}
