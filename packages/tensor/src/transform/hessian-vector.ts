/**
 * Products of the Hessian with vectors, without the Hessian.
 */
import type { Tensor } from "../trace/tensor.ts";
import { grad, jvp, type TensorTree } from "./differentiate.ts";

/**
 * The Hessian of a function to a scalar times a vector, forward over reverse: a small multiple of the cost of `f`, however
 * many numbers there are.
 *
 * @param f Returns a float scalar. Its argument is any tree of float tensors.
 * @returns (x, v) to H(x) v, a tree like x; v is a tree like x. Linear in v, so `vmap` over v gives many products.
 * @example
 * const product = hessianVector((x: Tensor) => sum(mul(x, x, x))); // H = diag(6 x)
 * evaluate(product, array([1, 2]), array([1, 10])).data; // => [6, 120]
 *
 * Source: Pearlmutter, B. (1994), Fast exact multiplication by the Hessian, doi:10.1162/neco.1994.6.1.147.
 */
export function hessianVector<X>(f: (x: X) => Tensor): (x: X, v: X) => TensorTree<X> {
  return (x, v) => jvp(grad(f) as (x: never) => TensorTree<X>, [x], [v])[1] as TensorTree<X>;
}
