/**
 * Logarithms by element of floats.
 */
import { emitOneOf } from "../dialect/dialect.ts";
import { logarithms } from "../dialect/logarithms.ts";
import { single } from "../ops/broadcasting.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";

/** The natural logarithm. */
export function log(x: TensorLike): Tensor {
  return emitOneOf(logarithms, "log", {}, [single(x)]);
}

/** ln(1 + x), accurate near 0. */
export function log1p(x: TensorLike): Tensor {
  return emitOneOf(logarithms, "log1p", {}, [single(x)]);
}
