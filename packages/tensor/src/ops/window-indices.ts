/**
 * Where the elements of a window are.
 */
import type { Tensor } from "../trace/tensor.ts";
import { add, maximum, minimum } from "./elementwise.ts";
import { expandDimensions, iota } from "./movement.ts";

/** @internal int32 positions [..., size] of a window from clamped starts [...] on. */
export function windowIndices(start: Tensor, size: number, extent: number): Tensor {
  const first = expandDimensions(minimum(maximum(start, 0), extent - size), -1);
  return add(first, iota([...start.shape, size], -1));
}
