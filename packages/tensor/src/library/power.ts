/**
 * Powers by element.
 */
import { emitOneOf } from "../dialect/dialect.ts";
import { powers } from "../dialect/powers.ts";
import { meet } from "../ops/broadcasting.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";

/** a to the power b, floats, as IEEE 754 `pow`. */
export function pow(a: TensorLike, b: TensorLike): Tensor {
  return emitOneOf(powers, "pow", {}, meet("pow", [a, b]));
}
