/**
 * The Helmholtz conditions as a loss, at one point of a field: is x'' = f(t, x, v) the field of some Lagrangian?
 *
 * It is if and only if a symmetric non-singular g(t, x, v) meets H1: g Phi symmetric, H2: D g + (g Jv + Jvᵀ g) / 2 = 0,
 * H3: dg_ij/dv_k = dg_ik/dv_j. Here g is a network, and each residual is weighed by the smallest absolute eigenvalue of g.
 * Douglas, "Solution of the inverse problem of the calculus of variations", 1941, doi:10.1090/S0002-9947-1941-0004740-5.
 */
import {
  abs,
  add,
  at,
  concatenate,
  div,
  exp,
  full,
  type HostTensor,
  jacobian,
  jvp,
  matmul,
  mul,
  neg,
  reshape,
  softplus,
  sqrt,
  square,
  stack,
  sub,
  sumOfSquares,
  type Tensor,
  tanh,
  transpose,
} from "@leastaction/tensor";
import type { StartWeights } from "./random.ts";
import { type Named, type Precision, tensorOf } from "./workload.ts";

/** A function of time, position and velocity. */
export type Field = (t: Tensor, x: Tensor, v: Tensor) => Tensor;

/** Time [], position [2] and velocity [2]. */
export type Point = readonly [t: Tensor, x: Tensor, v: Tensor];

const units = 64;

/** Start parameters of the network of the metric, 5 → 64 → 64 → 3, under names that begin with `g.`. */
export function metricParameters({ take }: StartWeights, dtype: Precision): Named<HostTensor> {
  return {
    "g.W1": tensorOf(take(5, 5 * units), [5, units], dtype),
    "g.b1": tensorOf(take(5, units), [units], dtype),
    "g.W2": tensorOf(take(units, units * units), [units, units], dtype),
    "g.b2": tensorOf(take(units, units), [units], dtype),
    "g.W3": tensorOf(take(units, units * 3), [units, 3], dtype),
    "g.b3": tensorOf(take(units, 3), [3], dtype),
  };
}

/** The metric g = U + Uᵀ, U = [[s1, s2], [0, s3]], s = sinh of the network: [2, 2]. */
export function metricOf(parameters: Named<Tensor>): Field {
  const weights = (name: string): Tensor => parameters[`g.${name}`] as Tensor;
  return (t, x, v) => {
    const first = softplus(add(matmul(joined(t, x, v), weights("W1")), weights("b1")));
    const second = softplus(add(matmul(first, weights("W2")), weights("b2")));
    const s = sinh(add(matmul(second, weights("W3")), weights("b3")));
    const [s1, s2, s3] = [at(s, 0), at(s, 1), at(s, 2)];
    return stack([stack([mul(2, s1), s2]), stack([s2, mul(2, s3)])]);
  };
}

/** H1 + H2 + H3 at one point: the means of the squares of the weighed and clipped entries of each residual. */
export function helmholtzAt(acceleration: Field, metric: Field, point: Point): Tensor {
  const [t, x, v] = point;
  const motion = [full([], 1, t.dtype), v, acceleration(t, x, v)];
  const alongMotion = (field: Field): Tensor => jvp(field, point, motion)[1];
  const byVelocity: (field: Field) => Field = (field) => (time, place, speed) =>
    jacobian((u) => field(time, place, u))(speed);

  const g = metric(t, x, v);
  const jx = jacobian((place) => acceleration(t, place, v))(x);
  const jv = byVelocity(acceleration)(t, x, v);
  const phi = sub(sub(mul(0.5, alongMotion(byVelocity(acceleration))), jx), mul(0.25, matmul(jv, jv)));
  const gPhi = matmul(g, phi);
  const gJv = matmul(g, jv);
  const slopes = byVelocity(metric)(t, x, v);

  const h1 = sub(gPhi, transpose(gPhi));
  const h2 = add(alongMotion(metric), mul(0.5, add(gJv, transpose(gJv))));
  const h3 = sub(slopes, transpose(slopes, [0, 2, 1]));
  const scale = mul(10, add(smallestEigenvalue(g), 1e-6));
  const meanSquare = (residual: Tensor, entries: number): Tensor =>
    div(sumOfSquares(mul(10, tanh(div(residual, scale)))), entries);
  return add(meanSquare(h1, 4), meanSquare(h2, 4), meanSquare(h3, 8));
}

/** Time, position and velocity as one input of a network: [5]. */
export function joined(t: Tensor, x: Tensor, v: Tensor): Tensor {
  return concatenate([reshape(t, [1]), x, v]);
}

/** The smallest absolute eigenvalue of a symmetric matrix [2, 2]. */
function smallestEigenvalue(g: Tensor): Tensor {
  const row = at(g, 0);
  const [g11, g12, g22] = [at(row, 0), at(row, 1), at(at(g, 1), 1)];
  const middle = mul(0.5, add(g11, g22));
  const half = mul(0.5, sub(g11, g22));
  return abs(sub(abs(middle), sqrt(add(square(half), square(g12)))));
}

function sinh(x: Tensor): Tensor {
  return mul(0.5, sub(exp(x), exp(neg(x))));
}
