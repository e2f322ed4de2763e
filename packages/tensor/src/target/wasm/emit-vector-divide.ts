/**
 * Integer division of vectors, through float64: the quotient of two 32-bit integers, rounded to 53 bits and truncated,
 * is exact. A divisor of zero gives 0; the least int32 by -1, which saturates on the way, gives itself.
 */
import type { DType } from "../../dtype.ts";
import { v128 } from "./assembler.ts";
import { emitShuffle, emitSimd } from "./emit-simd.ts";
import { emitGet, emitKeep, type KernelContext } from "./kernel-context.ts";
import { code, simd } from "./opcodes.ts";

/** Both operands are on the stack. */
export function emitVectorDivide(context: KernelContext, dtype: DType, lanes: number): void {
  const b = emitKeep(context, v128);
  const a = emitKeep(context, v128);
  emitQuotients(context, dtype, a, b, false);
  if (lanes === 4) {
    emitQuotients(context, dtype, a, b, true);
    emitShuffle(context, [0, 1, 4, 5]);
  }
  emitGet(context, b);
  emitIntegers(context, 0);
  emitSimd(context, simd.i32Eq);
  emitSimd(context, simd.andNot);
  if (dtype === "uint32") return;
  emitEqual(context, a, -2147483648);
  emitEqual(context, b, -1);
  emitSimd(context, simd.and);
  emitSimd(context, simd.xor);
}

/** Two quotients, of the low or the high halves, in the low half. */
function emitQuotients(context: KernelContext, dtype: DType, a: number, b: number, high: boolean): void {
  for (const vector of [a, b]) {
    emitGet(context, vector);
    if (high) {
      emitGet(context, vector);
      emitShuffle(context, [2, 3, 2, 3]);
    }
    emitSimd(context, dtype === "uint32" ? simd.f64ConvertLowUnsigned : simd.f64ConvertLowSigned);
  }
  emitSimd(context, simd.f64Div);
  emitSimd(context, dtype === "uint32" ? simd.i32TruncateF64UnsignedZero : simd.i32TruncateF64SignedZero);
}

function emitEqual(context: KernelContext, vector: number, value: number): void {
  emitGet(context, vector);
  emitIntegers(context, value);
  emitSimd(context, simd.i32Eq);
}

function emitIntegers(context: KernelContext, value: number): void {
  context.function.code.byte(code.i32Const);
  context.function.code.signed(value);
  emitSimd(context, simd.i32Splat);
}
