/**
 * The standard error of what is computed from the parameters and the fitted delays of a fit by shooting.
 *
 * Residuals of a rollout are not independent: filtered samples overlap, the rounding of an encoder stays the same while
 * the angle hardly moves, and what a law gets wrong is smooth in time. They count for less than their number, and where
 * they are correlated matters. There are two estimates, and the wider one is given:
 * - Gauss–Newton's covariance s² H^-1, inflated by the integrated autocorrelation of the residuals up to its first zero;
 * - the sandwich H^-1 S H^-1, where S sums products of the scores of neighbouring samples within each window, with
 *   weights that fall to zero (Newey, West, 1987, equation 5, doi:10.2307/1913610), times m / (m - n).
 */
import type { Member } from "./member.ts";

type Fit = NonNullable<Member["fit"]>;

/**
 * The standard error of a number by its derivative with respect to the parameters and fitted delays of a fit; null where
 * the data do not determine it.
 */
export function standardErrors({ problem, solution }: Fit): (slope: Float64Array) => number | null {
  const n = solution.parameters.length;
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
    const wider = Math.max(inflation * plain, freedom * longRunVariance(influences, problem));
    return Number.isFinite(wider) ? Math.sqrt(Math.max(0, wider)) : null;
  };
}

/** Covariance times slope; the slope counts the first unknowns only. */
function productWith(covariance: Float64Array, slope: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) =>
    slope.reduce((sum, value, j) => sum + value * (covariance[i * n + j] as number), 0),
  );
}

/** The variance of the sum of a series that is correlated over neighbouring times, window by window. */
function longRunVariance(series: Float64Array, { windowRows, rowsPerTime }: Fit["problem"]): number {
  const lags = Math.ceil(8 * (windowRows / rowsPerTime / 100) ** (2 / 9));
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
