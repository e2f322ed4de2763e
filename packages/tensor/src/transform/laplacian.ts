/**
 * The Laplacian of a scalar function.
 */
import { mul } from "../ops/elementwise.ts";
import { zerosLike } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import type { Tensor } from "../trace/tensor.ts";
import { basis } from "./basis.ts";
import { jet } from "./jet.ts";
import { vmap } from "./vmap.ts";

/**
 * The sum of ∂²f/∂x_i² over the numbers of x, in forward mode: one curve of second order for each, all at once, and the
 * values computed once. For n numbers it costs about 2n times `f` and keeps nothing for a way back; good for coordinates
 * of space and other small n.
 *
 * @param f From a float tensor to a float tensor of any shape; the Laplacian of each of its numbers is taken.
 * @returns A function to a tensor like the result of `f`.
 * @example
 * const f = (x: Tensor) => sum(mul(x, x, x)); // Σ 6 x_i
 * evaluate(laplacian(f), array([1, 2])).data; // => [18]
 */
export function laplacian(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return (x) => {
    const bends = vmap((direction: Tensor) => jet(f, [[x], [direction], [zerosLike(x)]])[2] as Tensor)(
      basis(x.shape, x.dtype),
    );
    return mul(2, sum(bends, 0));
  };
}
