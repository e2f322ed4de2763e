import { broadcastTo } from "../ops/broadcasting.ts";
import { expandDimensions } from "../ops/movement.ts";
import type { Tensor } from "../trace/tensor.ts";

/** Repeats a tensor along a new batch axis. */
export function spreadOver(size: number, x: Tensor): Tensor {
  return broadcastTo(expandDimensions(x, 0), [size, ...x.shape]);
}
