/**
 * The Helmholtz metric: how far a matrix g is from making a field that of a Lagrangian, as a differentiable number.
 *
 * Each entry of a residual is divided by a scale of g (else g = 0 would be best), bounded by 10 smoothly, squared, and
 * averaged over all entries. Numbers compare only with the same scale and bound. What they cannot say is in
 * docs/helmholtz.md.
 */
import { add, div, mul, sumOfSquares, type Tensor, tanh } from "@leastaction/tensor";
import { helmholtzConditions } from "./helmholtz-conditions.ts";
import type { HelmholtzPoint, MetricField, SecondOrderField } from "./second-order-field.ts";
import { smallestEigenvalue } from "./smallest-eigenvalue.ts";

/** The metric at a point: scalars of the point's element type, each 0 .. 100. */
export interface HelmholtzMetric<L = Tensor> {
  readonly h1: L;
  readonly h2: L;
  readonly h3: L;
  /** h1 + h2 + h3. */
  readonly total: L;
}

/** Options of `helmholtzMetric`. */
export interface HelmholtzMetricOptions {
  /**
   * What the residuals are divided by, from g [n, n]: positive, a scalar or what broadcasts with [n, n] and [n, n, n].
   * Default: the smallest |eigenvalue| of g, plus 1e-6.
   */
  readonly scale?: (g: Tensor) => Tensor;
}

/** Residuals are bounded by this. */
const bound = 10;

/**
 * The means of squares of 10 tanh(r / (10 scale)) over all entries r of each residual of the Helmholtz conditions; traced.
 *
 * The gradient is finite for every g, also with equal eigenvalues. In one dimension h1 and h3 are 0 for every field.
 *
 * @param metric symmetric at every point
 * @param point [], [n], [n], n at least 1, float32 or float64
 * @example
 * // The damped oscillator x'' = -x - 2 v with g = 1: h2 = 2² bounded, where exp(2 t) gives 0.
 * const field = (_t: Tensor, x: Tensor, v: Tensor) => sub(neg(x), mul(2, v));
 * const at = (metric: MetricField) => (t: Tensor, x: Tensor, v: Tensor) =>
 *   helmholtzMetric(field, metric, [t, x, v]).total;
 * const point = [array(0.5), array([1]), array([0])] as const;
 * Math.round(10 * (evaluate(at((t) => full([1, 1], 1, t.dtype)), ...point).data[0] as number)); // => 39
 * evaluate(at((t) => reshape(exp(mul(2, t)), [1, 1])), ...point).data[0]; // => 0
 *
 * Source: Wolf, Buck, Schäfer, 2025, "Lagrangian neural ODEs: measuring the existence of a Lagrangian with Helmholtz
 * metrics", arXiv:2510.06367.
 */
export function helmholtzMetric(
  field: SecondOrderField,
  metric: MetricField,
  point: HelmholtzPoint,
  options: HelmholtzMetricOptions = {},
): HelmholtzMetric {
  const { scale = (g: Tensor): Tensor => add(smallestEigenvalue(g), 1e-6) } = options;
  const left = helmholtzConditions(field, metric, point);
  const widths = mul(bound, scale(left.g));
  const meanSquare = (residual: Tensor): Tensor => {
    const entries = residual.shape.reduce((product, extent) => product * extent, 1);
    return div(sumOfSquares(mul(bound, tanh(div(residual, widths)))), entries);
  };
  const [h1, h2, h3] = [meanSquare(left.h1), meanSquare(left.h2), meanSquare(left.h3)];
  return { h1, h2, h3, total: add(h1, h2, h3) };
}
