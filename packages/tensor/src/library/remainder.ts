/**
 * Remainders by element.
 */
import { emitOneOf } from "../dialect/dialect.ts";
import { remainders } from "../dialect/remainders.ts";
import { meet } from "../ops/broadcasting.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";

/** Remainder of a / b with the sign of a, as JavaScript's `%`. */
export function rem(a: TensorLike, b: TensorLike): Tensor {
  return emitOneOf(remainders, "rem", {}, meet("rem", [a, b]));
}
