/**
 * Shares that add to 1, and their logarithms.
 */

import { broadcastTo, single } from "../ops/broadcasting.ts";
import { div, exp, sub } from "../ops/elementwise.ts";
import { reshape } from "../ops/movement.ts";
import { type Axes, finiteTop, keptShape, resolveAxes, sum } from "../ops/reduction.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { log } from "./logarithm.ts";

/**
 * e^x / Σ e^x over axes, by default over the last; without overflow. What is -infinity has the share 0, and derivative 0;
 * NaN where all are -infinity, or one is infinity.
 *
 * @example
 * evaluate((x: Tensor) => softmax(x), array([1000, 1000])).data; // => [0.5, 0.5]
 */
export function softmax(x: TensorLike, axes: Axes = -1): Tensor {
  const { shifted, resolved } = belowTop("softmax", x, axes);
  const powers = exp(shifted);
  return div(powers, spread(sum(powers, resolved), powers, resolved));
}

/** ln softmax(x), exact where a share is too small for a number: x - ln Σ e^x over axes, by default over the last. */
export function logSoftmax(x: TensorLike, axes: Axes = -1): Tensor {
  const { shifted, resolved } = belowTop("logSoftmax", x, axes);
  return sub(shifted, spread(log(sum(exp(shifted), resolved)), shifted, resolved));
}

/** x less its largest over axes, which changes none of the shares and takes no part in derivatives. */
function belowTop(operation: string, x: TensorLike, axes: Axes): { shifted: Tensor; resolved: readonly number[] } {
  const tensor = single(x);
  const resolved = resolveAxes(operation, tensor, axes);
  return { shifted: sub(tensor, spread(finiteTop(tensor, resolved), tensor, resolved)), resolved };
}

function spread(reduced: Tensor, like: Tensor, axes: readonly number[]): Tensor {
  return broadcastTo(reshape(reduced, keptShape(like.shape, axes)), like.shape);
}
