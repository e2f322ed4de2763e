/**
 * A Helmholtz metric that stays sound in more than two dimensions: residuals relative to g itself, g^-1 H, where the
 * published one divides by the smallest |eigenvalue| of g.
 *
 * A residual H of g is a bilinear form like g; g^-1 H is the map that says by how much g fails, so that a direction in
 * which g is small counts as much as one in which it is large. It does not change with the scale of g, nor with a turn of
 * the coordinates, and is a rational function of g: there are no eigenvalues in it, so nothing breaks where two of them are equal, and
 * nothing is flat far from a solution.
 */
import {
  add,
  concatenate,
  div,
  linearSolve,
  log1p,
  reshape,
  slice,
  sumOfSquares,
  type Tensor,
} from "@leastaction/tensor";
import { helmholtzConditions } from "./helmholtz-conditions.ts";
import type { HelmholtzMetric } from "./helmholtz-metric.ts";
import type { HelmholtzPoint, MetricField, SecondOrderField } from "./second-order-field.ts";

/**
 * ln(1 + r²) for each of the three conditions, with r² the mean square of the independent entries of g^-1 H; traced.
 *
 * r has the units of the field's time and velocity: numbers of two systems compare for fields of `normaliseField`. Gradients
 * are right wherever g is regular; where it is singular the value is infinite or NaN. A way from one signature of g to
 * another leads over singular g, so start with the right one (`algebraicCertificate`).
 *
 * @param metric symmetric and regular at the point
 * @param point [], [n], [n], n at least 1, float32 or float64
 * @example
 * // The metric of free motion in units of its own, and a wrong one.
 * const field = (_t: Tensor, x: Tensor) => mul(array([-1, -4]), x);
 * const total = (rows: number[][]) => (t: Tensor, x: Tensor, v: Tensor) =>
 *   relativeHelmholtzMetric(field, () => array(rows) as never, [t, x, v]).total;
 * const point = [array(0), array([1, 0]), array([0, 1])] as const;
 * evaluate(total([[1, 0], [0, -1000]]), ...point).data[0]; // => 0
 */
export function relativeHelmholtzMetric(
  field: SecondOrderField,
  metric: MetricField,
  point: HelmholtzPoint,
): HelmholtzMetric {
  const { g, h1, h2, h3 } = helmholtzConditions(field, metric, point);
  const n = g.shape[0] as number;
  const relative = linearSolve(g, concatenate([h1, h2, reshape(h3, [n, n * n])], 1));
  const part = (from: number, to: number, independent: number): Tensor =>
    log1p(div(sumOfSquares(slice(relative, 1, from, to)), Math.max(1, independent)));
  const parts = [part(0, n, n * n - n), part(n, 2 * n, n * n), part(2 * n, 2 * n + n * n, n * n * (n - 1))] as const;
  const [first, second, third] = parts;
  return { h1: first, h2: second, h3: third, total: add(first, second, third) };
}
