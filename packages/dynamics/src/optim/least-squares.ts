/**
 * Linear least squares on the host, for regressions that start models and diagnostics.
 */
import { choleskySolve, normalEquations } from "./normal-equations.ts";

/**
 * The least-squares solution of rows · x = targets, with a ridge of 1e-10 of the mean square so that it always exists.
 * @param rows m rows of n numbers
 * @param targets [m]
 * @returns [n]
 */
export function leastSquares(rows: readonly Float64Array[], targets: readonly number[]): Float64Array {
  const n = rows[0]?.length ?? 0;
  const jacobian = new Float64Array(rows.length * n);
  rows.forEach((row, at) => {
    jacobian.set(row, at * n);
  });
  const residuals = targets.map((target) => -target);
  const { matrix, gradient } = normalEquations(jacobian, residuals, n, Number.POSITIVE_INFINITY);
  const ridged = Float64Array.from(matrix);
  for (let i = 0; i < n; i++) ridged[i * n + i] = (ridged[i * n + i] as number) * (1 + 1e-10) + 1e-30;
  return choleskySolve(
    ridged,
    gradient.map((value) => -value),
  );
}
