/**
 * Comparison, selection, bits and truth values, by element. Comparisons with NaN are false but for `notEqual`.
 */

import { broadcastShapes } from "../shape.ts";
import { emitOne } from "../trace/builder.ts";
import { full, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { broadcastTo, meet, single, unify } from "./broadcasting.ts";

/** a < b. */
export function less(a: TensorLike, b: TensorLike): Tensor {
  return emitOne("less", {}, meet("less", [a, b]));
}
/** a <= b. */
export function lessEqual(a: TensorLike, b: TensorLike): Tensor {
  return emitOne("lessEqual", {}, meet("lessEqual", [a, b]));
}
/** a > b. */
export function greater(a: TensorLike, b: TensorLike): Tensor {
  return less(b, a);
}
/** a >= b. */
export function greaterEqual(a: TensorLike, b: TensorLike): Tensor {
  return lessEqual(b, a);
}
/** a = b. */
export function equal(a: TensorLike, b: TensorLike): Tensor {
  return emitOne("equal", {}, meet("equal", [a, b]));
}
/** a ≠ b. */
export function notEqual(a: TensorLike, b: TensorLike): Tensor {
  return emitOne("notEqual", {}, meet("notEqual", [a, b]));
}
/** `whenTrue` where the bool `condition` holds, else `whenFalse`; all three broadcast. */
export function select(condition: TensorLike, whenTrue: TensorLike, whenFalse: TensorLike): Tensor {
  const chosen = unify("select", [whenTrue, whenFalse]);
  const mask = typeof condition === "number" ? full([], condition, "bool") : single(condition);
  const shape = broadcastShapes(
    "select",
    [mask, ...chosen].map((tensor) => tensor.shape),
  );
  return emitOne(
    "select",
    {},
    [mask, ...chosen].map((tensor) => broadcastTo(tensor, shape)),
  );
}
/** Bitwise and of integers, logical and of bool. */
export function and(a: TensorLike, b: TensorLike): Tensor {
  return emitOne("and", {}, meet("and", [a, b]));
}
/** Bitwise or of integers, logical or of bool. */
export function or(a: TensorLike, b: TensorLike): Tensor {
  return emitOne("or", {}, meet("or", [a, b]));
}
/** Bitwise exclusive or of integers, logical exclusive or of bool. */
export function xor(a: TensorLike, b: TensorLike): Tensor {
  return emitOne("xor", {}, meet("xor", [a, b]));
}
/** Bitwise complement of integers, logical not of bool. */
export function not(x: TensorLike): Tensor {
  return emitOne("not", {}, [single(x, "bool")]);
}
/** Bits of a moved up by b places, b modulo 32. */
export function shiftLeft(a: TensorLike, b: TensorLike): Tensor {
  return emitOne("shiftLeft", {}, meet("shiftLeft", [a, b]));
}
/** Bits of a moved down by b places, b modulo 32; int32 keeps its sign. */
export function shiftRight(a: TensorLike, b: TensorLike): Tensor {
  return emitOne("shiftRight", {}, meet("shiftRight", [a, b]));
}
/** Whether x is no number. */
export function isNan(x: TensorLike): Tensor {
  const tensor = single(x);
  return notEqual(tensor, tensor);
}
/** Whether x is neither infinite nor NaN. */
export function isFiniteNumber(x: TensorLike): Tensor {
  const tensor = single(x);
  return and(less(Number.NEGATIVE_INFINITY, tensor), less(tensor, Number.POSITIVE_INFINITY));
}
/** Whether x is infinity or -infinity. */
export function isInfinite(x: TensorLike): Tensor {
  const tensor = single(x);
  return or(equal(tensor, Number.POSITIVE_INFINITY), equal(tensor, Number.NEGATIVE_INFINITY));
}
