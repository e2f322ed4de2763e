/**
 * Numbers to C, exactly.
 */
import type { DType } from "@leastaction/tensor";
import type { Expression } from "@leastaction/tensor/kernel";
import { type KernelContext, typeOf } from "./kernel-context.ts";

/** A number; with lanes, the name of a constant at the top of the function. */
export function printNumber(context: KernelContext, number: Extract<Expression, { kind: "number" }>): string {
  const { dtype, value, lanes } = number;
  if (lanes === 1) return literal(dtype, value);
  const one = dtype === "bool" ? (value === 0 ? "0" : "-1") : literal(dtype, value);
  const definition = `${typeOf(context, number)} @ = {${new Array<string>(lanes).fill(one).join(", ")}};`;
  const name = context.constants.get(definition) ?? context.fresh("c");
  context.constants.set(definition, name);
  return name;
}

/** One element as a C literal that may stand as an operand. */
export function literal(dtype: DType, value: number): string {
  switch (dtype) {
    case "float32":
      return floatLiteral(value, "f");
    case "float64":
      return floatLiteral(value, "");
    case "uint32":
      return `${value >>> 0}u`;
    case "int32":
    case "bool":
      if (value === -2147483648) return "(-2147483647 - 1)";
      return value < 0 ? `(${value})` : String(value + 0);
  }
}

/** The shortest decimal that reads back as the number; float32 is a float64 that its own text rounds to. */
function floatLiteral(value: number, suffix: string): string {
  if (Number.isNaN(value)) return `__builtin_nan${suffix}("")`;
  if (!Number.isFinite(value)) return value > 0 ? `__builtin_inf${suffix}()` : `(-__builtin_inf${suffix}())`;
  const digits = Object.is(value, -0) ? "-0" : String(value);
  const text = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return value < 0 || Object.is(value, -0) ? `(${text}${suffix})` : `${text}${suffix}`;
}
