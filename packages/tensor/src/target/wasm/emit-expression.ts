/**
 * Expressions to instructions that push their value.
 *
 * Scalars: float32, float64 as f32, f64; integers and bool (0 or 1) as i32. Vectors of 4 lanes hold 4-byte types and
 * masks of 32 bits; vectors of 2 lanes hold float64, masks of 64 bits, and 4-byte types in the low half, the rest of
 * which is unspecified. This file has what both share; `emit-scalar.ts` and `emit-vector.ts` have the operators.
 */
import { defect } from "../../errors.ts";
import type { Expression } from "../../kernel/kernel.ts";
import { isSameValue } from "../../kernel/same-value.ts";
import { emitLoad } from "./emit-memory.ts";
import { emitScalarBinary, emitScalarConvert, emitScalarUnary } from "./emit-scalar.ts";
import { emitShuffle, emitSimd } from "./emit-simd.ts";
import {
  emitExtract,
  emitSplat,
  emitVectorBinary,
  emitVectorConvert,
  emitVectorNumber,
  emitVectorUnary,
  narrowMask,
} from "./emit-vector.ts";
import { emitGet, emitKeep, emitTee, type KernelContext, localIndex, typeOf } from "./kernel-context.ts";
import { code, simd } from "./opcodes.ts";

/** Pushes the value of an expression, computing what is shared only once. */
export function emitExpression(context: KernelContext, expression: Expression): void {
  const kept = context.sharing.find(expression);
  if (kept !== undefined) {
    emitGet(context, kept);
    return;
  }
  emitFresh(context, expression);
  if (isLeaf(expression) || !context.sharing.isRepeated(expression)) return;
  const index = context.function.local(typeOf(expression));
  emitTee(context, index);
  context.sharing.keep(expression, index);
}

function isLeaf(expression: Expression): boolean {
  return expression.kind === "number" || expression.kind === "local";
}

function emitFresh(context: KernelContext, expression: Expression): void {
  const emit = (operand: Expression): void => emitExpression(context, operand);
  const vector = expression.lanes > 1;
  switch (expression.kind) {
    case "number":
      vector ? emitVectorNumber(context, expression) : emitScalarNumber(context, expression);
      break;
    case "local":
      emitGet(context, localIndex(context, expression.local));
      break;
    case "index":
      emitIndex(context, expression);
      break;
    case "load":
      emitLoad(context, expression, emit);
      break;
    case "unary":
      emit(expression.a);
      (vector ? emitVectorUnary : emitScalarUnary)(context, expression);
      break;
    case "binary":
      (vector ? emitVectorBinary : emitScalarBinary)(context, expression, emit);
      break;
    case "select":
      emitSelect(context, expression, emit);
      break;
    case "convert":
      emit(expression.a);
      (vector ? emitVectorConvert : emitScalarConvert)(context, expression.a, expression.dtype);
      break;
    case "bitcast":
      emit(expression.a);
      if (!vector) emitScalarBitcast(context, expression.a, expression);
      break;
    case "highBits":
    case "lowBits":
      emit(expression.a);
      vector ? emitHalves(context, expression.kind) : emitHalf(context, expression.kind);
      break;
    case "fromBits":
      vector ? emitVectorFromBits(context, expression, emit) : emitFromBits(context, expression, emit);
      break;
    case "interleave":
      emit(expression.a);
      emit(expression.b);
      emitInterleave(context, expression);
      break;
    case "splat":
      emitSplatOf(context, expression, emit);
      break;
    case "horizontal":
      emitHorizontal(context, expression, emit);
      break;
  }
}

type Of<Kind extends Expression["kind"]> = Extract<Expression, { kind: Kind }>;
type Emit = (expression: Expression) => void;

function emitScalarNumber(context: KernelContext, { dtype, value }: Of<"number">): void {
  const out = context.function.code;
  if (dtype === "float32") {
    out.byte(code.f32Const);
    out.float32(value);
  } else if (dtype === "float64") {
    out.byte(code.f64Const);
    out.float64(value);
  } else {
    out.byte(code.i32Const);
    out.signed(value);
  }
}

function emitIndex(context: KernelContext, { loop, lanes }: Of<"index">): void {
  const out = context.function.code;
  const counter = context.counters.get(loop);
  if (counter === undefined) throw defect(`Cannot emit an index: expected a loop around it, got none for ${loop.name}`);
  if ("local" in counter) emitGet(context, counter.local);
  else {
    out.byte(code.i32Const);
    out.signed(counter.value);
  }
  if (lanes === 1) return;
  emitSimd(context, simd.i32Splat);
  emitSimd(context, simd.const);
  for (let lane = 0; lane < 4; lane++) out.bytes(Uint8Array.of(lane, 0, 0, 0));
  emitSimd(context, simd.i32Add);
}

function emitSelect(context: KernelContext, expression: Of<"select">, emit: Emit): void {
  const { condition, a, b, lanes } = expression;
  if (emitExtreme(context, expression, emit) || emitSign(context, expression, emit)) return;
  emit(a);
  emit(b);
  emit(condition);
  if (lanes === 1) {
    context.function.code.byte(code.select);
    return;
  }
  if (lanes === 2 && a.dtype !== "float64" && a.dtype !== "bool") narrowMask(context);
  emitSimd(context, simd.bitselect);
}

/** c ? -b : b on vectors of floats: the bit of the sign is turned where c holds. */
function emitSign(context: KernelContext, { condition, a, b, lanes, dtype }: Of<"select">, emit: Emit): boolean {
  if (lanes === 1 || (dtype !== "float32" && dtype !== "float64")) return false;
  if (a.kind !== "unary" || a.op !== "neg" || a.a !== b || context.sharing.find(a) !== undefined) return false;
  if (lanes === 2 && dtype === "float32") return false;
  emit(b);
  emit(condition);
  emitVectorNumber(context, { kind: "number", dtype, lanes, value: -0 });
  emitSimd(context, simd.and);
  emitSimd(context, simd.xor);
  return true;
}

/** A scalar that is loaded for this only is repeated by the load itself. */
function emitSplatOf(context: KernelContext, expression: Of<"splat">, emit: Emit): void {
  const { a, lanes } = expression;
  if (a.kind === "load" && !context.sharing.isRepeated(a)) {
    emitLoad(context, { ...a, lanes, access: { kind: "splat" } }, emit);
    return;
  }
  emit(a);
  emitSplat(context, expression);
}

/** p < q ? p : q and p < q ? q : p on vectors of floats are single instructions. */
function emitExtreme(context: KernelContext, { condition, a, b, lanes }: Of<"select">, emit: Emit): boolean {
  if (lanes === 1 || (a.dtype !== "float32" && a.dtype !== "float64")) return false;
  if (condition.kind !== "binary" || condition.op !== "less" || context.sharing.find(condition) !== undefined)
    return false;
  const { a: p, b: q } = condition;
  const least = isSameValue(a, p) && isSameValue(b, q);
  if (!least && !(isSameValue(a, q) && isSameValue(b, p))) return false;
  emit(b);
  emit(a);
  emitSimd(context, simd.pseudoMin[a.dtype] + (least ? 0 : 1));
  return true;
}

function emitScalarBitcast(context: KernelContext, from: Expression, to: Expression): void {
  if (from.dtype === "float32") context.function.code.byte(code.i32ReinterpretF32);
  else if (to.dtype === "float32") context.function.code.byte(code.f32ReinterpretI32);
}

function emitHalves(context: KernelContext, kind: "highBits" | "lowBits"): void {
  const index = context.function.local(typeOf({ dtype: "float64", lanes: 2 }));
  emitTee(context, index);
  emitGet(context, index);
  emitShuffle(context, kind === "highBits" ? [1, 3, 1, 3] : [0, 2, 0, 2]);
}

function emitHalf(context: KernelContext, kind: "highBits" | "lowBits"): void {
  const out = context.function.code;
  out.byte(code.i64ReinterpretF64);
  if (kind === "highBits") {
    out.byte(code.i64Const);
    out.signed(32);
    out.byte(code.i64ShiftRight);
  }
  out.byte(code.i32WrapI64);
}

function emitVectorFromBits(context: KernelContext, { high, low }: Of<"fromBits">, emit: Emit): void {
  emit(low);
  emit(high);
  emitShuffle(context, [0, 4, 1, 5]);
}

function emitFromBits(context: KernelContext, { high, low }: Of<"fromBits">, emit: Emit): void {
  const out = context.function.code;
  emit(high);
  out.byte(code.i64ExtendUnsigned);
  out.byte(code.i64Const);
  out.signed(32);
  out.byte(code.i64ShiftLeft);
  emit(low);
  out.byte(code.i64ExtendUnsigned);
  out.byte(code.i64Or);
  out.byte(code.f64ReinterpretI64);
}

/** The operands are on the stack. Two lanes of 4 bytes are in the low half of a register. */
function emitInterleave(context: KernelContext, { dtype, lanes, half }: Of<"interleave">): void {
  const isLow = half === "low";
  if (dtype === "float64") emitShuffle(context, isLow ? [0, 1, 4, 5] : [2, 3, 6, 7]);
  else if (lanes === 2) emitShuffle(context, isLow ? [0, 4, 0, 4] : [1, 5, 1, 5]);
  else emitShuffle(context, isLow ? [0, 4, 1, 5] : [2, 6, 3, 7]);
}

/** (l0 op l1) op (l2 op l3), on scalars. */
function emitHorizontal(context: KernelContext, { op, a }: Of<"horizontal">, emit: Emit): void {
  emit(a);
  const whole = emitKeep(context, typeOf(a));
  const one = (lane: number): number => {
    emitGet(context, whole);
    emitExtract(context, a, lane);
    return emitKeep(context, typeOf({ dtype: a.dtype, lanes: 1 }));
  };
  const pair = (left: number, right: number): number => {
    emitScalarBinary(context, { op, dtype: a.dtype, lanes: 1 }, undefined, [left, right]);
    return emitKeep(context, typeOf({ dtype: a.dtype, lanes: 1 }));
  };
  const halves = a.lanes === 2 ? [one(0), one(1)] : [pair(one(0), one(1)), pair(one(2), one(3))];
  emitGet(context, pair(halves[0] as number, halves[1] as number));
}
