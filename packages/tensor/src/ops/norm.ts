/**
 * The Euclidean norm.
 */
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { broadcastTo, single } from "./broadcasting.ts";
import { and, equal, less, select } from "./comparison.ts";
import { abs, div, mul, sqrt, square, stopGradient } from "./elementwise.ts";
import { reshape } from "./movement.ts";
import { type Axes, keptShape, max, resolveAxes, sum } from "./reduction.ts";

/**
 * √Σx² over axes, by default over all; nothing overflows or vanishes on the way.
 *
 * The derivative is x / |x|. At 0, where there is none, it is 0, and so are those of higher order: a distance between two
 * equal points pulls in no direction, and a gradient through it stays finite.
 *
 * @param x Floats of any shape.
 * @example
 * evaluate(grad((x: Tensor) => norm(x)), array([3, 4])).data; // => [0.6, 0.8]
 * evaluate(grad((x: Tensor) => norm(x)), array([0, 0])).data; // => [0, 0]
 */
export function norm(x: TensorLike, axes?: Axes): Tensor {
  const tensor = single(x);
  const resolved = resolveAxes("norm", tensor, axes);
  // Any scale gives the same function, so that it takes no part in derivatives.
  const largest = stopGradient(max(abs(tensor), resolved));
  const scale = select(and(less(0, largest), less(largest, Infinity)), largest, 1);
  const measured = div(tensor, broadcastTo(reshape(scale, keptShape(tensor.shape, resolved)), tensor.shape));
  const squares = sum(square(measured), resolved);
  const none = equal(squares, 0);
  return mul(scale, select(none, 0, sqrt(select(none, 1, squares))));
}
