/**
 * The Helmholtz conditions: what is left of each of them at one point, for a field and a matrix g.
 *
 * x'' = f(t, x, v) are the equations of Euler and Lagrange of some Lagrangian, up to a matrix that multiplies them, if and
 * only if a symmetric g(t, x, v) with det g not 0 makes all three residuals vanish; g is then the Hessian of the Lagrangian
 * in v. Here they are only formed, unscaled: `helmholtzMetric` makes a number of them.
 */
import { add, full, jacobian, jvp, matmul, mul, sub, type Tensor, transpose } from "@leastaction/tensor";
import type { HelmholtzPoint, MetricField, SecondOrderField } from "./second-order-field.ts";

/** The residuals of the Helmholtz conditions at a point, and what they are made of. */
export interface HelmholtzConditions {
  /** The matrix at the point: [n, n]. */
  readonly g: Tensor;
  /** Phi = 1/2 D(df/dv) - df/dx - 1/4 (df/dv)²: [n, n]. */
  readonly phi: Tensor;
  /** g Phi - (g Phi)ᵀ: [n, n]. */
  readonly h1: Tensor;
  /** D g + 1/2 (g df/dv + (df/dv)ᵀ g): [n, n]. */
  readonly h2: Tensor;
  /** dg_ij/dv_k - dg_ik/dv_j: [n, n, n]. */
  readonly h3: Tensor;
}

/**
 * The residuals of the Helmholtz conditions, D = d/dt + v d/dx + f d/dv being the rate along the motion; traced.
 *
 * @param metric symmetric at every point; g df/dv + (df/dv)ᵀ g is formed as a sum of a matrix and its transpose
 * @param point [], [n], [n], n at least 1, float32 or float64
 * @example
 * // A free particle with the constant matrix 2: nothing is left.
 * const metric = (t: Tensor) => full([1, 1], 2, t.dtype);
 * const free = (_t: Tensor, _x: Tensor, v: Tensor) => mul(0, v);
 * const left = (t: Tensor, x: Tensor, v: Tensor) => helmholtzConditions(free, metric, [t, x, v]).h2;
 * evaluate(left, array(0), array([1]), array([1])).data; // => [0]
 *
 * Source: Douglas, 1941, "Solution of the inverse problem of the calculus of variations", equations 1.9 to 1.12,
 * doi:10.1090/S0002-9947-1941-0004740-5.
 */
export function helmholtzConditions(
  field: SecondOrderField,
  metric: MetricField,
  point: HelmholtzPoint,
): HelmholtzConditions {
  const [t, x, v] = point;
  const motion = [full([], 1, t.dtype), v, field(t, x, v)];
  const alongMotion = (f: MetricField): Tensor => jvp(f, point, motion)[1];
  const byVelocity: (f: SecondOrderField) => MetricField = (f) => (time, place, speed) =>
    jacobian((u) => f(time, place, u))(speed);

  const g = metric(t, x, v);
  const jx = jacobian((place) => field(t, place, v))(x);
  const jv = byVelocity(field)(t, x, v);
  const phi = sub(sub(mul(0.5, alongMotion(byVelocity(field))), jx), mul(0.25, matmul(jv, jv)));
  const gPhi = matmul(g, phi);
  const gJv = matmul(g, jv);
  const slopes = byVelocity(metric)(t, x, v);
  return {
    g,
    phi,
    h1: sub(gPhi, transpose(gPhi)),
    h2: add(alongMotion(metric), mul(0.5, add(gJv, transpose(gJv)))),
    h3: sub(slopes, transpose(slopes, [0, 2, 1])),
  };
}
