/**
 * Expressions to C.
 *
 * A value that is used once is written where it is used; one that is used again, or is nested deeply, is set to a C
 * variable first. A mask has -1 or 0 in each lane; bool on one lane is int 0 or 1.
 */
import { type Expression, isSameValue } from "@leastaction/tensor/kernel";
import { byComparison, horizontal, reinterpretation, rounding } from "./functions.ts";
import { type ExpressionPrinter, type KernelContext, narrowMask, typeOf } from "./kernel-context.ts";
import { elementOf } from "./prelude.ts";
import { printBinary, printNarrowMask } from "./print-binary.ts";
import { printConvert } from "./print-convert.ts";
import { printLoad } from "./print-memory.ts";
import { printNumber } from "./print-number.ts";

type Of<Kind extends Expression["kind"]> = Extract<Expression, { kind: Kind }>;

/** The printer of expressions. */
export const expressionPrinter: ExpressionPrinter = { print: printExpression, named: printNamed };

/** Compilers limit the nesting of brackets, and long lines are hard to read. */
const longest = 400;

/** The value as C text that may stand as an operand; lines that it needs are written before. */
function printExpression(context: KernelContext, expression: Expression): string {
  const kept = context.sharing.find(expression);
  if (kept !== undefined) return kept;
  const text = printFresh(context, expression);
  if (isLeaf(expression)) return text;
  const repeated = context.sharing.isRepeated(expression);
  if (!repeated && text.length <= longest) return text;
  const name = setVariable(context, expression, text);
  if (repeated) context.sharing.keep(expression, name);
  return name;
}

/** The value as a name or a number, to be written more than once. */
function printNamed(context: KernelContext, expression: Expression): string {
  return nameOf(context, expression, printExpression(context, expression));
}

function nameOf(context: KernelContext, expression: Expression, text: string): string {
  return /^\w+$/.test(text) ? text : setVariable(context, expression, text);
}

function setVariable(context: KernelContext, expression: Expression, text: string): string {
  const name = context.fresh("t");
  context.lines.push(`const ${typeOf(context, expression)} ${name} = ${text};`);
  return name;
}

function isLeaf({ kind }: Expression): boolean {
  return kind === "number" || kind === "local";
}

function printFresh(context: KernelContext, expression: Expression): string {
  switch (expression.kind) {
    case "number":
      return printNumber(context, expression);
    case "local":
      return context.locals.get(expression.local) as string;
    case "index":
      return printIndex(context, expression);
    case "load":
      return printLoad(context, expression);
    case "unary":
      return printUnary(context, expression);
    case "binary":
      return printBinary(context, expression);
    case "select":
      return printSelect(context, expression);
    case "convert":
      return printConvert(context, expression);
    case "bitcast":
      return printBitcast(context, expression);
    case "highBits":
    case "lowBits":
      return printHalf(context, expression);
    case "fromBits":
      return printFromBits(context, expression);
    case "interleave":
      return printInterleave(context, expression);
    case "splat":
      return printSplat(context, expression);
    case "horizontal":
      return printHorizontal(context, expression);
  }
}

function printIndex({ counters, prelude }: KernelContext, { loop, lanes }: Of<"index">): string {
  const counter = `(int)${counters.get(loop) as string}`;
  if (lanes === 1) return counter;
  const steps = Array.from({ length: lanes }, (_, lane) => lane).join(", ");
  return `(${counter} + (${prelude.type("i32", lanes)}){${steps}})`;
}

function printUnary(context: KernelContext, { op, a, dtype, lanes }: Of<"unary">): string {
  const text = printExpression(context, a);
  const element = elementOf[dtype];
  switch (op) {
    case "neg":
      return `(-${text})`;
    case "not":
      return dtype === "bool" && lanes === 1 ? `(1 ^ ${text})` : `(~${text})`;
    case "abs":
      return printAbs(context, a, text);
    default:
      return `${rounding(context.prelude, op, element as "f32", lanes)}(${text})`;
  }
}

function printAbs(context: KernelContext, a: Expression, text: string): string {
  const { dtype, lanes } = a;
  if (dtype === "uint32") return text;
  if (dtype === "int32") {
    const name = nameOf(context, a, text);
    return `((${name} ^ (${name} >> 31)) - (${name} >> 31))`;
  }
  const wide = dtype === "float64";
  if (lanes === 1) return `__builtin_fabs${wide ? "" : "f"}(${text})`;
  const bits = context.prelude.type(wide ? "i64" : "i32", lanes);
  return `((${typeOf(context, a)})((${bits})${text} & ${wide ? "0x7fffffffffffffffLL" : "0x7fffffff"}))`;
}

function printSelect(context: KernelContext, { condition, a, b, dtype, lanes }: Of<"select">): string {
  const instruction = extremeOf(context, condition, a, b);
  if (instruction !== undefined)
    return `${instruction}(${printExpression(context, a)}, ${printExpression(context, b)})`;
  if (lanes === 1) {
    return `(${printExpression(context, condition)} ? ${printExpression(context, a)} : ${printExpression(context, b)})`;
  }
  const asMask = dtype === "bool" || dtype === "float64" || context.mask === "i32";
  const bits = context.prelude.type(asMask ? context.mask : "i32", lanes);
  const set = asMask ? printNamed(context, condition) : printWords(context, condition, bits);
  const [left, right] = [printExpression(context, a), printExpression(context, b)];
  return `((${typeOf(context, a)})((${set} & (${bits})${left}) | (~${set} & (${bits})${right})))`;
}

/** The name of a mask of elements of 4 bytes. */
function printWords(context: KernelContext, condition: Expression, type: string): string {
  const text = printNarrowMask(context, condition);
  if (text === undefined) return narrowMask(context, printNamed(context, condition), condition.lanes);
  const name = context.fresh("t");
  context.lines.push(`const ${type} ${name} = ${text};`);
  return name;
}

/** The instruction for p < q ? p : q and p < q ? q : p on floats. */
function extremeOf(
  { prelude, sharing }: KernelContext,
  condition: Expression,
  a: Expression,
  b: Expression,
): string | undefined {
  const element = elementOf[a.dtype];
  if ((element !== "f32" && element !== "f64") || condition.kind !== "binary" || condition.op !== "less")
    return undefined;
  if (sharing.find(condition) !== undefined || sharing.isRepeated(condition)) return undefined;
  const { a: p, b: q } = condition;
  if (isSameValue(a, p) && isSameValue(b, q)) return byComparison(prelude, "min", element, a.lanes);
  return isSameValue(a, q) && isSameValue(b, p) ? byComparison(prelude, "max", element, a.lanes) : undefined;
}

function printBitcast(context: KernelContext, { a, dtype, lanes }: Of<"bitcast">): string {
  const text = printExpression(context, a);
  if (a.dtype === dtype) return text;
  if (lanes > 1 || (a.dtype !== "float32" && dtype !== "float32"))
    return `((${typeOf(context, { dtype, lanes })})${text})`;
  return `${reinterpretation(context.prelude, elementOf[a.dtype], elementOf[dtype])}(${text})`;
}

function printHalf(context: KernelContext, { kind, a, lanes }: Of<"highBits" | "lowBits">): string {
  const text = printExpression(context, a);
  const shift = kind === "highBits" ? " >> 32" : "";
  if (lanes === 1) return `((int)(${reinterpretation(context.prelude, "f64", "i64")}(${text})${shift}))`;
  const { prelude } = context;
  return `__builtin_convertvector((${prelude.type("i64", lanes)})${text}${shift}, ${prelude.type("i32", lanes)})`;
}

function printFromBits(context: KernelContext, { high, low, lanes }: Of<"fromBits">): string {
  const { prelude } = context;
  const [top, bottom] = [printExpression(context, high), printExpression(context, low)];
  if (lanes === 1) {
    const joined = `((long long)${top} << 32) | (long long)(unsigned)${bottom}`;
    return `${reinterpretation(prelude, "i64", "f64")}(${joined})`;
  }
  const long = prelude.type("i64", lanes);
  const wide = (text: string): string => `__builtin_convertvector(${text}, ${long})`;
  return `((${prelude.type("f64", lanes)})((${wide(top)} << 32) | (${wide(bottom)} & 0xffffffffLL)))`;
}

function printInterleave(context: KernelContext, { a, b, dtype, lanes, half }: Of<"interleave">): string {
  const [left, right] = [printNamed(context, a), printNamed(context, b)];
  const from = half === "low" ? 0 : lanes / 2;
  const places = Array.from({ length: lanes }, (_, lane) => from + (lane >> 1));
  if (context.prelude.features.shuffles) {
    const indices = places.map((place, lane) => (lane % 2 === 0 ? place : lanes + place));
    return `__builtin_shufflevector(${left}, ${right}, ${indices.join(", ")})`;
  }
  const chosen = places.map((place, lane) => `${lane % 2 === 0 ? left : right}[${place}]`);
  return `((${typeOf(context, { dtype, lanes })}){${chosen.join(", ")}})`;
}

/** x - 0 is x for every x, -0 too, so that compilers see a plain repetition. */
function printSplat(context: KernelContext, { a, dtype, lanes }: Of<"splat">): string {
  const text = printExpression(context, a);
  if (lanes === 1) return text;
  const type = typeOf(context, { dtype, lanes });
  if (dtype === "bool") return `((${type}){} - ${context.mask === "i64" ? "(long long)" : ""}${text})`;
  return `(${text} - (${type}){})`;
}

/** The sum of truth values is whether one holds, as their larger one. */
function printHorizontal(context: KernelContext, { op, a }: Of<"horizontal">): string {
  const text = printExpression(context, a);
  if (a.lanes === 1) return text;
  if (a.dtype !== "bool") return `${horizontal(context.prelude, op, elementOf[a.dtype], a.lanes)}(${text})`;
  const truths = `(${narrowMask(context, text, a.lanes)} & 1)`;
  return `${horizontal(context.prelude, op === "add" ? "max" : op, "i32", a.lanes)}(${truths})`;
}
