/**
 * What each operator of the kernel language means on one lane, on JavaScript numbers.
 *
 * In: elements as numbers (int32 as -2^31 … 2^31-1, uint32 as 0 … 2^32-1, bool as 0 or 1, float32 already rounded). Out:
 * the same. Used by constant folding and by the interpreter, so that both agree; targets are tested against it. Payloads
 * of NaN are not modelled.
 */
import { coerce, type DType } from "../dtype.ts";
import type { KernelBinary, KernelUnary } from "./kernel.ts";

/** One unary operator on one element of `dtype`. */
export function applyUnary(op: KernelUnary, dtype: DType, a: number): number {
  switch (op) {
    case "neg":
      return coerce(dtype, dtype === "float32" || dtype === "float64" ? -a : 0 - a);
    case "abs":
      return coerce(dtype, Math.abs(a));
    case "sqrt":
      return coerce(dtype, Math.sqrt(a));
    case "floor":
      return Math.floor(a);
    case "ceil":
      return Math.ceil(a);
    case "round":
      return roundToEven(a);
    case "not":
      return dtype === "bool" ? 1 - a : coerce(dtype, ~a);
  }
}

/** One binary operator on elements of `dtype`; comparisons give 0 or 1. */
export function applyBinary(op: KernelBinary, dtype: DType, a: number, b: number): number {
  switch (op) {
    case "add":
      return coerce(dtype, a + b);
    case "sub":
      return coerce(dtype, a - b);
    case "mul":
      return coerce(dtype, dtype === "float32" || dtype === "float64" ? a * b : Math.imul(a, b));
    case "div":
      return dtype === "float32" || dtype === "float64" ? coerce(dtype, a / b) : divideIntegers(dtype, a, b);
    case "max":
      return Math.max(a, b);
    case "min":
      return Math.min(a, b);
    case "and":
      return coerce(dtype, a & b);
    case "or":
      return coerce(dtype, a | b);
    case "xor":
      return coerce(dtype, a ^ b);
    case "shiftLeft":
      return coerce(dtype, a << (b & 31));
    case "shiftRight":
      return dtype === "uint32" ? a >>> (b & 31) : a >> (b & 31);
    case "less":
      return a < b ? 1 : 0;
    case "lessEqual":
      return a <= b ? 1 : 0;
    case "equal":
      return a === b ? 1 : 0;
    case "notEqual":
      return a === b ? 0 : 1;
  }
}

/** The value of `a` (of type `from`) as a `to`: floats to integers truncate and saturate, NaN gives 0. */
export function convertElement(from: DType, to: DType, a: number): number {
  const fromFloat = from === "float32" || from === "float64";
  if (fromFloat && (to === "int32" || to === "uint32")) {
    const [least, greatest] = to === "int32" ? [-2147483648, 2147483647] : [0, 4294967295];
    return Number.isNaN(a) ? 0 : Math.trunc(Math.min(greatest, Math.max(least, a))) + 0;
  }
  return coerce(to, a);
}

function divideIntegers(dtype: DType, a: number, b: number): number {
  return b === 0 ? 0 : coerce(dtype, Math.trunc(a / b));
}

function roundToEven(a: number): number {
  const below = Math.floor(a);
  const rest = a - below;
  if (!(rest === 0.5)) return a < 0 && a >= -0.5 ? -0 : rest < 0.5 ? keepZero(a, below) : below + 1;
  return keepZero(a, below % 2 === 0 ? below : below + 1);
}

function keepZero(a: number, rounded: number): number {
  return rounded === 0 && (a < 0 || Object.is(a, -0)) ? -0 : rounded;
}
