/**
 * Operators on one lane. Where Wasm has no instruction (integer max, min, abs, division without traps) a short sequence.
 */
import type { DType } from "../../dtype.ts";
import type { Expression, KernelBinary } from "../../kernel/kernel.ts";
import { emitGet, emitKeep, type KernelContext, typeOf } from "./kernel-context.ts";
import { code, scalarBinary, scalarUnary } from "./opcodes.ts";

type Unary = Extract<Expression, { kind: "unary" }>;
type Binary = Extract<Expression, { kind: "binary" }>;
type Emit = (expression: Expression) => void;

/** The operand is on the stack. */
export function emitScalarUnary(context: KernelContext, { op, a }: Unary): void {
  const out = context.function.code;
  const opcode = scalarUnary[op][a.dtype];
  if (opcode !== undefined) {
    out.byte(opcode);
    return;
  }
  const kept = emitKeep(context, typeOf(a));
  if (op === "not") {
    emitGet(context, kept);
    emitInteger(context, -1);
    out.byte(code.i32Xor);
    return;
  }
  emitInteger(context, 0);
  emitGet(context, kept);
  out.byte(code.i32Sub);
  if (op === "neg") return;
  emitGet(context, kept);
  emitGet(context, kept);
  emitInteger(context, 0);
  out.byte(code.i32LessSigned);
  out.byte(code.select);
}

/** With `kept`, the operands are two Wasm locals instead of expressions. */
export function emitScalarBinary(
  context: KernelContext,
  expression: Binary | { readonly op: "add" | "max" | "min"; readonly dtype: DType; readonly lanes: 1 },
  emit: Emit | undefined,
  kept?: readonly [number, number],
): void {
  const dtype = "a" in expression ? expression.a.dtype : expression.dtype;
  if ("a" in expression && emit !== undefined) {
    emit(expression.a);
    emit(expression.b);
  } else kept?.forEach((index) => void emitGet(context, index));
  const opcode = scalarBinary[expression.op][dtype];
  if (opcode !== undefined) {
    context.function.code.byte(opcode);
    return;
  }
  if (expression.op === "div") {
    emitDivide(context, dtype);
    return;
  }
  emitExtreme(context, expression.op, dtype);
}

/** The operand is on the stack. */
export function emitScalarConvert(context: KernelContext, from: Expression, to: DType): void {
  const out = context.function.code;
  if (to === "bool") {
    emitNotZero(context, from.dtype);
    return;
  }
  const signed = from.dtype !== "uint32";
  if (from.dtype === "float32" || from.dtype === "float64") {
    const wide = from.dtype === "float64";
    if (to === "float32") {
      out.byte(code.f32Demote);
      return;
    }
    if (to === "float64") {
      out.byte(code.f64Promote);
      return;
    }
    out.byte(0xfc);
    out.byte((wide ? 2 : 0) + (to === "uint32" ? 1 : 0));
    return;
  }
  if (to === "float32") out.byte(signed ? code.f32ConvertSigned : code.f32ConvertUnsigned);
  if (to === "float64") out.byte(signed ? code.f64ConvertSigned : code.f64ConvertUnsigned);
}

export function emitInteger(context: KernelContext, value: number): void {
  context.function.code.byte(code.i32Const);
  context.function.code.signed(value);
}

function emitNotZero(context: KernelContext, dtype: DType): void {
  const out = context.function.code;
  if (dtype === "float32" || dtype === "float64") {
    out.byte(dtype === "float32" ? code.f32Const : code.f64Const);
    if (dtype === "float32") out.float32(0);
    else out.float64(0);
  } else emitInteger(context, 0);
  out.byte(scalarBinary.notEqual[dtype] as number);
}

function emitExtreme(context: KernelContext, op: KernelBinary, dtype: DType): void {
  const b = emitKeep(context, typeOf({ dtype, lanes: 1 }));
  const a = emitKeep(context, typeOf({ dtype, lanes: 1 }));
  for (const index of op === "max" ? [b, a, a, b] : [a, b, a, b]) emitGet(context, index);
  context.function.code.byte(scalarBinary.less[dtype] as number);
  context.function.code.byte(code.select);
}

/** Through 64-bit division of b or 1, so that neither zero nor overflow traps; a divisor of zero gives 0. */
function emitDivide(context: KernelContext, dtype: DType): void {
  const out = context.function.code;
  const b = emitKeep(context, typeOf({ dtype, lanes: 1 }));
  const a = emitKeep(context, typeOf({ dtype, lanes: 1 }));
  const extend = dtype === "uint32" ? code.i64ExtendUnsigned : code.i64ExtendSigned;
  emitInteger(context, 0);
  emitGet(context, a);
  out.byte(extend);
  emitGet(context, b);
  emitGet(context, b);
  out.byte(code.i32Eqz);
  out.byte(0x72);
  out.byte(extend);
  out.byte(0x7f);
  out.byte(code.i32WrapI64);
  emitGet(context, b);
  out.byte(code.i32Eqz);
  out.byte(code.select);
}
