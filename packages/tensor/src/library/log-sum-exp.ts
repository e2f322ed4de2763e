/**
 * Sums of powers of e.
 */
import { broadcastTo, single } from "../ops/broadcasting.ts";
import { add, exp, sub } from "../ops/elementwise.ts";
import { reshape } from "../ops/movement.ts";
import { type Axes, finiteTop, keptShape, resolveAxes, sum } from "../ops/reduction.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { log } from "./logarithm.ts";

/**
 * ln Σ e^x over axes, without overflow; its derivative is softmax. Terms of -infinity add nothing; of nothing but those it
 * is -infinity, without a derivative.
 */
export function logSumExp(x: TensorLike, axes?: Axes): Tensor {
  const tensor = single(x);
  const resolved = resolveAxes("logSumExp", tensor, axes);
  const top = finiteTop(tensor, resolved);
  const kept = reshape(top, keptShape(tensor.shape, resolved));
  return add(top, log(sum(exp(sub(tensor, broadcastTo(kept, tensor.shape))), resolved)));
}
