/**
 * Operators of two operands to C.
 */
import { type Expression, isComparison, type KernelBinary } from "@leastaction/tensor/kernel";
import { division, extreme } from "./functions.ts";
import { type KernelContext, narrowMask, typeOf } from "./kernel-context.ts";
import { elementOf } from "./prelude.ts";

type Binary = Extract<Expression, { kind: "binary" }>;

const signs: { readonly [O in KernelBinary]?: string } = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  and: "&",
  or: "|",
  xor: "^",
  less: "<",
  lessEqual: "<=",
  equal: "==",
  notEqual: "!=",
};

/** The value of a binary operator. */
export function printBinary(context: KernelContext, { op, a, b }: Binary): string {
  const [left, right] = [context.print(a), context.print(b)];
  const { dtype, lanes } = a;
  if (dtype === "bool" && lanes > 1) return printTruth(op, left, right);
  if (isComparison(op)) return printComparison(context, op, a, left, right);
  const element = elementOf[dtype];
  if (op === "max" || op === "min") return `${extreme(context.prelude, op, element, lanes)}(${left}, ${right})`;
  if (op === "shiftLeft" || op === "shiftRight") return `(${left} ${op === "shiftLeft" ? "<<" : ">>"} (${right} & 31))`;
  if (op === "div" && (element === "i32" || element === "u32"))
    return `${division(context.prelude, element, lanes)}(${left}, ${right})`;
  return `(${left} ${signs[op]} ${right})`;
}

function printComparison(context: KernelContext, op: KernelBinary, a: Expression, left: string, right: string): string {
  const text = `(${left} ${signs[op]} ${right})`;
  return a.lanes === 1 ? text : maskOf(context, a, text);
}

/** A comparison of vectors like `a` as a mask of the kernel. */
export function maskOf(
  context: KernelContext,
  { dtype, lanes }: Pick<Expression, "dtype" | "lanes">,
  text: string,
): string {
  const mask = typeOf(context, { dtype: "bool", lanes });
  if (dtype === "float64" || context.mask === "i32") return `((${mask})${text})`;
  return `__builtin_convertvector((${context.prelude.type("i32", lanes)})${text}, ${mask})`;
}

/**
 * A condition on vectors as a mask of elements of 4 bytes: what compares such elements, and what joins two of these, has
 * that width already, whatever the masks of the kernel have. Undefined for other conditions.
 */
export function printNarrowMask(context: KernelContext, condition: Expression): string | undefined {
  const { sharing, prelude } = context;
  if (condition.kind !== "binary" || sharing.find(condition) !== undefined || sharing.isRepeated(condition))
    return undefined;
  const { op, a, b, lanes } = condition;
  if (a.dtype === "bool") {
    if (op !== "and" && op !== "or") return undefined;
    const [left, right] = [a, b].map(
      (each) => printNarrowMask(context, each) ?? narrowMask(context, context.print(each), lanes),
    );
    return `(${left} ${signs[op]} ${right})`;
  }
  if (!isComparison(op) || a.dtype === "float64") return undefined;
  return `((${prelude.type("i32", lanes)})(${context.print(a)} ${signs[op]} ${context.print(b)}))`;
}

/** Operators on masks. */
function printTruth(op: KernelBinary, a: string, b: string): string {
  switch (op) {
    case "and":
    case "min":
      return `(${a} & ${b})`;
    case "or":
    case "max":
      return `(${a} | ${b})`;
    case "less":
      return `(~${a} & ${b})`;
    case "lessEqual":
      return `(~${a} | ${b})`;
    case "equal":
      return `(~(${a} ^ ${b}))`;
    default:
      return `(${a} ^ ${b})`;
  }
}
