/**
 * Value conversions to C.
 */
import type { Expression } from "@leastaction/tensor/kernel";
import { truncation } from "./functions.ts";
import { type KernelContext, narrowMask, typeOf } from "./kernel-context.ts";
import { elementOf } from "./prelude.ts";
import { maskOf } from "./print-binary.ts";

type Convert = Extract<Expression, { kind: "convert" }>;

/** The value of `a` as another type. */
export function printConvert(context: KernelContext, { a, dtype, lanes }: Convert): string {
  const text = context.print(a);
  if (a.dtype === dtype) return text;
  const type = typeOf(context, { dtype, lanes });
  if (dtype === "bool") {
    const test = `(${text} != 0)`;
    return lanes === 1 ? test : maskOf(context, a, test);
  }
  const [from, to] = [elementOf[a.dtype], elementOf[dtype]];
  if ((from === "f32" || from === "f64") && (to === "i32" || to === "u32"))
    return `${truncation(context.prelude, from, to, lanes)}(${text})`;
  if (lanes === 1) return `((${type})${text})`;
  if (a.dtype === "bool") return printTruths(context, dtype, type, text, lanes);
  return from !== to && (to === "i32" || to === "u32")
    ? `((${type})${text})`
    : `__builtin_convertvector(${text}, ${type})`;
}

/** A mask as 0 or 1: the bits of 1 where it is set. */
function printTruths(
  context: KernelContext,
  dtype: Expression["dtype"],
  type: string,
  text: string,
  lanes: number,
): string {
  if (dtype === "float64") return `((${type})(${text} & 0x3ff0000000000000LL))`;
  return `((${type})(${narrowMask(context, text, lanes)} & ${dtype === "float32" ? "0x3f800000" : "1"}))`;
}
