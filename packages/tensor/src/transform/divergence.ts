/**
 * The divergence of a vector field, exactly or by random probes.
 */
import { TensorError } from "../errors.ts";
import { mul } from "../ops/elementwise.ts";
import { mean, sum } from "../ops/reduction.ts";
import { showType } from "../program/infer.ts";
import { sameShape } from "../shape.ts";
import type { Tensor } from "../trace/tensor.ts";
import { basis } from "./basis.ts";
import { linearize } from "./linearize.ts";
import { vmap } from "./vmap.ts";

/**
 * The sum of ∂f_i/∂x_i, the trace of the Jacobian.
 *
 * Without probes it is exact and takes one tangent for each number of x, all at once; the values are computed once. With
 * probes v it is the mean of v · (∂f/∂x) v: one tangent for each probe, right on average where the numbers of a probe are
 * independent with mean 0 and variance 1. Signs ±1 have the least variance (none on a diagonal Jacobian); hold them fixed
 * while a solver runs, so that it sees one smooth function.
 *
 * @param f From a float tensor to one of the same shape.
 * @returns (x, probes?) to a scalar; probes: [count, ...shape of x].
 * @example
 * const field = (x: Tensor) => mul(x, x, sum(x)); // ∂f_i/∂x_i = 2 x_i Σ + x_i²
 * evaluate(divergence(field), array([1, 2])).data; // => [23]
 * evaluate(divergence(field), array([1, 2]), array([[1, 1], [1, -1]])).data; // => [23]
 *
 * Errors: a result of another shape than x; probes of another shape.
 * Source: Hutchinson, M. (1990), A stochastic estimator of the trace, doi:10.1080/03610919008812866.
 */
export function divergence(f: (x: Tensor) => Tensor): (x: Tensor, probes?: Tensor) => Tensor {
  return (x, probes) => {
    const { value, pushforward } = linearize(f as (x: never) => Tensor, x) as {
      value: Tensor;
      pushforward: (tangent: Tensor) => Tensor;
    };
    expectSame("a field with the shape of its argument", x, value);
    if (probes === undefined) return sum(along(pushforward, basis(x.shape, x.dtype)));
    expectSame("probes with the shape of the argument after one axis", x, { ...probes, shape: probes.shape.slice(1) });
    return mean(along(pushforward, probes));
  };
}

/** v · J v of each vector. */
function along(pushforward: (tangent: Tensor) => Tensor, vectors: Tensor): Tensor {
  return vmap((v: Tensor) => sum(mul(v, pushforward(v))))(vectors);
}

function expectSame(what: string, x: Pick<Tensor, "dtype" | "shape">, found: Pick<Tensor, "dtype" | "shape">): void {
  if (sameShape(x.shape, found.shape) && x.dtype === found.dtype) return;
  throw new TensorError(
    `Cannot take a divergence: expected ${what}, ${showType(x)}, got ${showType(found)}`,
    "Close over what else the field depends on; give probes as [count, ...shape].",
  );
}
