/**
 * What a metric g has to meet at a single point: linear equations for its numbers there. Where they leave g = 0 alone, or
 * singular g alone, there is none, and no training is needed to see it.
 *
 * With D the derivative along the motion x'' = f(t, x, v) and Jv = df/dv: if g A is symmetric for a matrix A(t, x, v), so
 * is g (nabla A), nabla A = D A + (A Jv - Jv A) / 2, by H2; and the sum of g_il (dA^l_j/dv^k - dA^l_k/dv^j) over cyclic
 * (i, j, k) is zero, by H3. H1 says that g Phi is symmetric. So Phi, nabla Phi, nabla² Phi, ... all make equations for the
 * n (n + 1) / 2 numbers of g. They know nothing of how g goes on around the point, so they hold for g with and without
 * time, and however it may be represented.
 */
import {
  abs,
  add,
  concatenate,
  div,
  einsum,
  full,
  jacobian,
  jvp,
  matmul,
  max,
  maximum,
  mul,
  pow,
  sqrt,
  square,
  stack,
  sub,
  sum,
  sumOfSquares,
  type Tensor,
  zeros,
} from "@leastaction/tensor";
import type { HelmholtzPoint, MetricField, SecondOrderField } from "./second-order-field.ts";
import { tensorBasis } from "./tensor-basis.ts";

/** The equations for g at a point. */
export interface AlgebraicConditions {
  /**
   * Without dimension: [equations, n (n + 1) / 2]. The unknowns are the upper triangle of g by rows, the numbers off the
   * diagonal times the root of 2, so that the sum of their squares is that of all entries. For each k = 0 .. derivatives
   * there are n (n - 1) / 2 equations by nabla^k Phi, then
   * n (n - 1) (n - 2) / 6 by its slopes. Where n = 1 there is one row, of 0.
   */
  readonly matrix: Tensor;
  /** 1/s, []: the largest of |nabla^k Phi|^(1 / (k + 2)), entries squared and summed. Equations of k are divided by rate^(k + 2). */
  readonly rate: Tensor;
}

/**
 * The algebraic conditions on a metric of a field; traced.
 *
 * They are necessary, not sufficient: what they leave need not be the value of a metric. A field with noise or one that was
 * learned is asked for k + 2 derivatives by nabla^k Phi; take few then.
 *
 * @param point [], [n], [n], n at least 1, floats
 * @param derivatives the largest k, an integer of at least 0; 2 settles n = 2
 * @example
 * // x'' = x² + y², y'' = x, Douglas's case IV: three equations that only g = 0 meets.
 * const field = (_t: Tensor, x: Tensor) => stack([sumOfSquares(x), at(x, 0)]);
 * const equations = (...point: HelmholtzPoint) => algebraicConditions(field, point, 2).matrix;
 * const left = evaluate((...point: HelmholtzPoint) => min(svd(equations(...point)).values), array(0), array([0.3, 0.7]), array([0.5, -0.4]));
 * left.data[0] > 0.1; // => true
 *
 * Source: Douglas, J. (1941), Solution of the inverse problem of the calculus of variations, Trans. Amer. Math. Soc. 50,
 * 71, doi:10.1090/S0002-9947-1941-0004740-5; for n coordinates: Sarlet, W. (1982), The Helmholtz conditions revisited,
 * J. Phys. A 15, 1503, doi:10.1088/0305-4470/15/5/013.
 */
export function algebraicConditions(
  field: SecondOrderField,
  point: HelmholtzPoint,
  derivatives: number,
): AlgebraicConditions {
  const [t, x, v] = point;
  const n = x.shape[0] as number;
  if (n === 1) return { matrix: zeros([1, 1], x.dtype), rate: sqrt(abs(sum(curvature(field)(t, x, v)))) };
  const orders: MetricField[] = [curvature(field)];
  for (let k = 0; k < derivatives; k++) orders.push(alongMotion(field, orders[k] as MetricField));
  const values = orders.map((order) => order(t, x, v));
  const rate = max(stack(values.map((value, k) => pow(sqrt(sumOfSquares(value)), 1 / (k + 2)))));
  const divisor = maximum(rate, 1e-18);
  // How fast it is, or would be after a time of 1 / rate: where it rests for a moment slopes still count.
  const speed = sqrt(add(sumOfSquares(v), div(sumOfSquares(field(t, x, v)), square(divisor))));

  const [unknowns, planes] = [tensorBasis("symmetric", n, x.dtype), tensorBasis("antisymmetric", n, x.dtype)];
  const rows = values.flatMap((value, k) => {
    const order = orders[k] as MetricField;
    const weight = pow(divisor, -(k + 2));
    const turned = einsum("eij,ail,lj->ea", planes, unknowns, mul(weight, value));
    if (n < 3) return [turned];
    const slopes = mul(weight, speed, jacobian((u) => order(t, x, u))(v));
    return [turned, einsum("eijk,ail,ljk->ea", tensorBasis("three-forms", n, x.dtype), unknowns, slopes)];
  });
  return { matrix: concatenate(rows), rate };
}

/** Phi = 1/2 D Jv - Jx - 1/4 Jv². */
function curvature(field: SecondOrderField): MetricField {
  const byVelocity = velocityJacobian(field);
  return (t, x, v) => {
    const [jv, change] = withChange(field, byVelocity, [t, x, v]);
    const jx = jacobian((place) => field(t, place, v))(x);
    return sub(sub(mul(0.5, change), jx), mul(0.25, matmul(jv, jv)));
  };
}

/** nabla A = D A + (A Jv - Jv A) / 2. */
function alongMotion(field: SecondOrderField, matrix: MetricField): MetricField {
  const byVelocity = velocityJacobian(field);
  return (t, x, v) => {
    const [a, change] = withChange(field, matrix, [t, x, v]);
    const jv = byVelocity(t, x, v);
    return add(change, mul(0.5, sub(matmul(a, jv), matmul(jv, a))));
  };
}

function velocityJacobian(field: SecondOrderField): MetricField {
  return (t, x, v) => jacobian((u) => field(t, x, u))(v);
}

/** A matrix and its rate along the motion. */
function withChange(field: SecondOrderField, matrix: MetricField, point: HelmholtzPoint): [Tensor, Tensor] {
  const [t, x, v] = point;
  return jvp(matrix, point, [full([], 1, t.dtype), v, field(t, x, v)]);
}
