/**
 * Operators on vectors. Where Wasm has no instruction (integer division, shifts by lane) a sequence.
 */

import type { DType } from "../../dtype.ts";
import { defect } from "../../errors.ts";
import type { Expression } from "../../kernel/kernel.ts";
import { v128 } from "./assembler.ts";
import { emitLane, emitShuffle, emitSimd } from "./emit-simd.ts";
import { emitVectorDivide } from "./emit-vector-divide.ts";
import { emitGet, emitKeep, emitTee, type KernelContext } from "./kernel-context.ts";
import { code, scalarBinary, simd, vectorBinary, vectorUnary } from "./opcodes.ts";

type Of<Kind extends Expression["kind"]> = Extract<Expression, { kind: Kind }>;
type Emit = (expression: Expression) => void;

const sixteen = new DataView(new ArrayBuffer(16));
const sixteenBytes = new Uint8Array(sixteen.buffer);

/** A constant vector. */
export function emitVectorNumber(context: KernelContext, { dtype, lanes, value }: Of<"number">): void {
  checkLanes(dtype, lanes);
  for (let at = 0; at < 16; at += dtype === "float64" ? 8 : 4) {
    if (dtype === "float64") sixteen.setFloat64(at, value, true);
    else if (dtype === "float32") sixteen.setFloat32(at, value, true);
    else sixteen.setInt32(at, dtype === "bool" ? -value : value, true);
  }
  emitSimd(context, simd.const);
  context.function.code.bytes(sixteenBytes);
}

/** The scalar operand is on the stack. */
export function emitSplat(context: KernelContext, { dtype, lanes }: Of<"splat">): void {
  checkLanes(dtype, lanes);
  if (dtype === "float32") {
    emitSimd(context, simd.f32Splat);
    return;
  }
  if (dtype === "float64") {
    emitSimd(context, simd.f64Splat);
    return;
  }
  emitSimd(context, simd.i32Splat);
  if (dtype === "bool") emitSimd(context, simd.i32Neg);
}

/** The vector `of` is on the stack: one lane of it as a scalar. */
export function emitExtract(context: KernelContext, of: Pick<Expression, "dtype" | "lanes">, lane: number): void {
  if (of.dtype === "float32") {
    emitLane(context, simd.f32Extract, lane);
    return;
  }
  if (of.dtype === "float64") {
    emitLane(context, simd.f64Extract, lane);
    return;
  }
  emitLane(context, simd.i32Extract, of.dtype === "bool" && of.lanes === 2 ? 2 * lane : lane);
  if (of.dtype !== "bool") return;
  context.function.code.byte(code.i32Const);
  context.function.code.signed(1);
  context.function.code.byte(code.i32And);
}

/** A mask of 64 bits on the stack becomes one of 32 bits in the low half. */
export function narrowMask(context: KernelContext): void {
  const index = context.function.local(v128);
  emitTee(context, index);
  emitGet(context, index);
  emitShuffle(context, [0, 2, 0, 2]);
}

/** The operand is on the stack. */
export function emitVectorUnary(context: KernelContext, { op, a }: Of<"unary">): void {
  checkLanes(a.dtype, a.lanes);
  const opcode = vectorUnary[op][a.dtype];
  if (opcode === undefined) throw defect(`Cannot emit ${op}: expected a type that has it, got ${a.dtype}`);
  emitSimd(context, opcode);
}

export function emitVectorBinary(context: KernelContext, expression: Of<"binary">, emit: Emit): void {
  const { op, a, b } = expression;
  if (op === "shiftLeft" || op === "shiftRight") {
    emitShift(context, expression, emit);
    return;
  }
  if (a.dtype === "bool" && (op === "less" || op === "lessEqual" || op === "equal")) {
    emitMasks(context, op, a, b, emit);
    return;
  }
  emit(a);
  emit(b);
  const opcode = vectorBinary[op][a.dtype];
  if (opcode === undefined) {
    emitVectorDivide(context, a.dtype, a.lanes);
    return;
  }
  emitSimd(context, opcode);
  if (expression.dtype === "bool" && a.lanes === 2 && a.dtype !== "float64" && a.dtype !== "bool") {
    emitSimd(context, simd.i64ExtendLowSigned);
  }
}

/** The operand is on the stack. */
export function emitVectorConvert(context: KernelContext, from: Expression, to: DType): void {
  if (to === "bool") {
    emitNotZero(context, from);
    return;
  }
  if (from.dtype === "bool") {
    emitMaskToNumber(context, from.lanes, to);
    return;
  }
  const opcode = conversions[from.dtype]?.[to];
  checkLanes(to, from.lanes);
  if (opcode !== undefined) emitSimd(context, opcode);
}

const conversions: { readonly [From in DType]?: { readonly [To in DType]?: number } } = {
  float32: { float64: simd.f64PromoteLow, int32: simd.i32TruncateF32Signed, uint32: simd.i32TruncateF32Unsigned },
  float64: {
    float32: simd.f32DemoteZero,
    int32: simd.i32TruncateF64SignedZero,
    uint32: simd.i32TruncateF64UnsignedZero,
  },
  int32: { float32: simd.f32ConvertSigned, float64: simd.f64ConvertLowSigned },
  uint32: { float32: simd.f32ConvertUnsigned, float64: simd.f64ConvertLowUnsigned },
};

function emitNotZero(context: KernelContext, from: Expression): void {
  emitVectorNumber(context, { kind: "number", dtype: from.dtype, lanes: from.lanes, value: 0 });
  emitSimd(context, vectorBinary.notEqual[from.dtype] as number);
  if (from.lanes === 2 && from.dtype !== "float64") emitSimd(context, simd.i64ExtendLowSigned);
}

function emitMaskToNumber(context: KernelContext, lanes: number, to: DType): void {
  if (lanes === 2 && to !== "float64") narrowMask(context);
  emitVectorNumber(context, { kind: "number", dtype: to, lanes, value: 1 });
  emitSimd(context, simd.and);
}

function emitMasks(
  context: KernelContext,
  op: "less" | "lessEqual" | "equal",
  a: Expression,
  b: Expression,
  emit: Emit,
): void {
  if (op === "less") {
    emit(b);
    emit(a);
    emitSimd(context, simd.andNot);
    return;
  }
  emit(a);
  if (op === "lessEqual") emitSimd(context, simd.not);
  emit(b);
  emitSimd(context, op === "lessEqual" ? simd.or : simd.xor);
  if (op === "equal") emitSimd(context, simd.not);
}

/** One count for all lanes is an instruction; otherwise lane by lane. */
function emitShift(context: KernelContext, { op, a, b, lanes }: Of<"binary">, emit: Emit): void {
  const out = context.function.code;
  emit(a);
  if (b.kind === "number") {
    out.byte(code.i32Const);
    out.signed(b.value & 31);
    emitSimd(context, vectorBinary[op][a.dtype] as number);
    return;
  }
  if (b.kind === "splat") {
    emit(b.a);
    emitSimd(context, vectorBinary[op][a.dtype] as number);
    return;
  }
  emit(b);
  const counts = emitKeep(context, v128);
  const values = emitKeep(context, v128);
  emitGet(context, values);
  for (let lane = 0; lane < lanes; lane++) {
    for (const vector of [values, counts]) {
      emitGet(context, vector);
      emitLane(context, simd.i32Extract, lane);
    }
    out.byte(scalarBinary[op][a.dtype] as number);
    emitLane(context, simd.i32Replace, lane);
  }
}

function checkLanes(dtype: DType, lanes: number): void {
  if (lanes === 2 || (lanes === 4 && dtype !== "float64")) return;
  throw defect(`Cannot emit a vector: expected 2 lanes, or 4 of a type of 4 bytes, got ${lanes} of ${dtype}`);
}
