/**
 * Constructors of expressions and statements of the kernel language.
 *
 * In: operands as expressions, or as JavaScript numbers that take the type and lanes of their neighbour. Out: frozen
 * nodes, with constants folded and identities removed where the result is the same to the last bit (x + 0 stays, since
 * -0 + 0 is 0; x - 0, x * 1, x / 1 go). Types are checked here; scope is the matter of `check.ts`.
 */
import { coerce, type DType } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import type {
  Access,
  Address,
  Expression,
  KernelBinary,
  KernelUnary,
  Local,
  LoopVariable,
  Statement,
} from "./kernel.ts";
import { applyBinary, applyUnary, convertElement } from "./scalar.ts";

/** An expression, or a number that takes the type and lanes of its neighbour. */
export type Operand = Expression | number;

const contiguous: Access = { kind: "contiguous" };

/** A number repeated over `lanes`, coerced to `dtype`. */
export function number(dtype: DType, lanes: number, value: number): Expression {
  return Object.freeze({ kind: "number", dtype, lanes, value: coerce(dtype, value) });
}

/** A number with the type and lanes of `like`. */
export function numberLike(like: Expression, value: number): Expression {
  return number(like.dtype, like.lanes, value);
}

/** A new local. */
export function local(name: string, dtype: DType, lanes: number): Local {
  return Object.freeze({ kind: "local", name, dtype, lanes });
}

/** A new loop counter. */
export function loopVariable(name: string): LoopVariable {
  return Object.freeze({ kind: "loopVariable", name });
}

/** The value of a local at the place of use. */
export function read(from: Local): Expression {
  return Object.freeze({ kind: "local", dtype: from.dtype, lanes: from.lanes, local: from });
}

/** The loop counter as int32; with lanes > 1: counter, counter + 1, … */
export function index(loop: LoopVariable, lanes = 1): Expression {
  return Object.freeze({ kind: "index", dtype: "int32", lanes, loop });
}

/** An address: parameter `base`, plus bytes, plus `stride * counter` bytes for each term. */
export function address(
  base: number,
  offset = 0,
  terms: readonly { readonly loop: LoopVariable; readonly stride: number }[] = [],
  dynamic?: Expression,
): Address {
  return Object.freeze({ base, offset, terms, ...(dynamic === undefined ? {} : { dynamic }) });
}

/** What memory holds at an address; neighbouring elements unless `access` says otherwise. */
export function load(dtype: DType, lanes: number, from: Address, access: Access = contiguous): Expression {
  return Object.freeze({ kind: "load", dtype, lanes, address: from, access });
}

/** Defines a local (the first time) or changes it. */
export function set(target: Local, value: Operand): Statement {
  return Object.freeze({ kind: "set", local: target, value: asExpression("set a local", value, target) });
}

/** Writes a value to memory; to neighbouring elements unless `access` says otherwise. */
export function store(to: Address, value: Expression, access: Access = contiguous): Statement {
  return Object.freeze({ kind: "store", address: to, access, value });
}

/** The body for `over` = from, from + step, … below `to`. */
export function loop(
  over: LoopVariable,
  from: number,
  to: number,
  step: number,
  body: readonly Statement[],
): Statement {
  return Object.freeze({ kind: "loop", loop: over, from, to, step, body });
}

/** The body if the condition (bool) holds in any lane. */
export function branch(condition: Expression, body: readonly Statement[]): Statement {
  return Object.freeze({ kind: "branch", condition, body });
}

/** The body as long as the condition (bool) holds in any lane. */
export function whileAny(condition: Expression, body: readonly Statement[]): Statement {
  return Object.freeze({ kind: "while", condition, body });
}

/** A unary operator by name. */
export function unary(op: KernelUnary, a: Expression): Expression {
  if (a.kind === "number") return numberLike(a, applyUnary(op, a.dtype, a.value));
  if ((op === "neg" || op === "not") && a.kind === "unary" && a.op === op) return a.a;
  if (op === "abs" && (a.dtype === "uint32" || a.dtype === "bool")) return a;
  return Object.freeze({ kind: "unary", dtype: a.dtype, lanes: a.lanes, op, a });
}

/** A binary operator by name. */
export function binary(op: KernelBinary, left: Operand, right: Operand): Expression {
  const [a, b] = operands(op, left, right);
  const dtype = isComparison(op) ? "bool" : a.dtype;
  if (a.kind === "number" && b.kind === "number")
    return number(dtype, a.lanes, applyBinary(op, a.dtype, a.value, b.value));
  return identity(op, a, b) ?? Object.freeze({ kind: "binary", dtype, lanes: a.lanes, op, a, b });
}

/** -a. */
export const neg = (a: Expression): Expression => unary("neg", a);
/** |a|. */
export const abs = (a: Expression): Expression => unary("abs", a);
/** The square root, correctly rounded. */
export const sqrt = (a: Expression): Expression => unary("sqrt", a);
/** The greatest integer that is not above a. */
export const floor = (a: Expression): Expression => unary("floor", a);
/** The least integer that is not below a. */
export const ceil = (a: Expression): Expression => unary("ceil", a);
/** The nearest integer, ties to even. */
export const round = (a: Expression): Expression => unary("round", a);
/** The complement of bits, or of a truth value. */
export const not = (a: Expression): Expression => unary("not", a);
/** a + b; integers modulo 2^32. */
export const add = (a: Operand, b: Operand): Expression => binary("add", a, b);
/** a - b; integers modulo 2^32. */
export const sub = (a: Operand, b: Operand): Expression => binary("sub", a, b);
/** a b; integers modulo 2^32. */
export const mul = (a: Operand, b: Operand): Expression => binary("mul", a, b);
/** a / b; integers truncate, and by 0 give 0. */
export const div = (a: Operand, b: Operand): Expression => binary("div", a, b);
/** The larger; NaN if either is, and 0 above -0. */
export const max = (a: Operand, b: Operand): Expression => binary("max", a, b);
/** The smaller; NaN if either is, and -0 below 0. */
export const min = (a: Operand, b: Operand): Expression => binary("min", a, b);
/** Bitwise, or of truth values. */
export const and = (a: Operand, b: Operand): Expression => binary("and", a, b);
/** Bitwise, or of truth values. */
export const or = (a: Operand, b: Operand): Expression => binary("or", a, b);
/** Bitwise, or of truth values. */
export const xor = (a: Operand, b: Operand): Expression => binary("xor", a, b);
/** a 2^(b modulo 32). */
export const shiftLeft = (a: Operand, b: Operand): Expression => binary("shiftLeft", a, b);
/** a moved down by b modulo 32 bits; int32 keeps its sign. */
export const shiftRight = (a: Operand, b: Operand): Expression => binary("shiftRight", a, b);
/** a < b, as bool. */
export const less = (a: Operand, b: Operand): Expression => binary("less", a, b);
/** a <= b, as bool. */
export const lessEqual = (a: Operand, b: Operand): Expression => binary("lessEqual", a, b);
/** a = b, as bool. */
export const equal = (a: Operand, b: Operand): Expression => binary("equal", a, b);
/** Not a = b, as bool. */
export const notEqual = (a: Operand, b: Operand): Expression => binary("notEqual", a, b);

/** By lane: `a` where the condition (bool) holds, `b` elsewhere. */
export function select(condition: Expression, left: Operand, right: Operand): Expression {
  const [a, b] = operands("select", left, right);
  if (condition.dtype !== "bool" || condition.lanes !== a.lanes) throw mismatch("select", condition, a);
  if (a === b) return a;
  if (condition.kind === "number") return condition.value === 0 ? b : a;
  return Object.freeze({ kind: "select", dtype: a.dtype, lanes: a.lanes, condition, a, b });
}

/** The value as another type; floats to integers truncate towards zero and saturate, NaN gives 0. */
export function convert(dtype: DType, a: Expression): Expression {
  if (a.dtype === dtype) return a;
  if (a.kind === "number") return number(dtype, a.lanes, convertElement(a.dtype, dtype, a.value));
  return Object.freeze({ kind: "convert", dtype, lanes: a.lanes, a });
}

/** The same 32 bits as another type. */
export function bitcast(dtype: DType, a: Expression): Expression {
  if (a.dtype === dtype) return a;
  if (a.kind === "bitcast") return bitcast(dtype, a.a);
  return Object.freeze({ kind: "bitcast", dtype, lanes: a.lanes, a });
}

/** The upper 32 bits of a float64, sign and exponent among them. */
export function highBits(a: Expression): Expression {
  return Object.freeze({ kind: "highBits", dtype: "int32", lanes: a.lanes, a });
}

/** The lower 32 bits of a float64. */
export function lowBits(a: Expression): Expression {
  return Object.freeze({ kind: "lowBits", dtype: "int32", lanes: a.lanes, a });
}

/** A float64 from its upper and lower 32 bits (int32). */
export function fromBits(high: Operand, low: Operand): Expression {
  const [h, l] = operands("fromBits", high, low);
  return Object.freeze({ kind: "fromBits", dtype: "float64", lanes: h.lanes, high: h, low: l });
}

/** Lanes of two vectors by turns, from their lower or upper halves: a0 b0 a1 b1 … */
export function interleave(half: "low" | "high", a: Expression, b: Expression): Expression {
  if (b.dtype !== a.dtype || b.lanes !== a.lanes) throw mismatch("interleave", a, b);
  return Object.freeze({ kind: "interleave", dtype: a.dtype, lanes: a.lanes, half, a, b });
}

/** One lane to all. */
export function splat(lanes: number, a: Expression): Expression {
  if (lanes === a.lanes) return a;
  if (a.kind === "number") return number(a.dtype, lanes, a.value);
  return Object.freeze({ kind: "splat", dtype: a.dtype, lanes, a });
}

/** All lanes to one, as the tree ((l0 op l1) op (l2 op l3)). */
export function horizontal(op: "add" | "max" | "min", a: Expression): Expression {
  if (a.lanes === 1) return a;
  return Object.freeze({ kind: "horizontal", dtype: a.dtype, lanes: 1, op, a });
}

const comparisonOps: ReadonlySet<string> = new Set(["less", "lessEqual", "equal", "notEqual"]);

/** Whether an operator gives bool. */
export function isComparison(op: KernelBinary): boolean {
  return comparisonOps.has(op);
}

function operands(op: string, left: Operand, right: Operand): [Expression, Expression] {
  if (typeof left !== "number") return [left, asExpression(op, right, left)];
  if (typeof right !== "number") return [numberLike(right, left), right];
  throw new TensorError(
    `Cannot build ${op}: expected an expression among the operands, got two numbers`,
    "Make one of them an expression with number(dtype, lanes, value).",
  );
}

function asExpression(op: string, value: Operand, like: { readonly dtype: DType; readonly lanes: number }): Expression {
  if (typeof value === "number") return number(like.dtype, like.lanes, value);
  if (value.dtype !== like.dtype || value.lanes !== like.lanes) throw mismatch(op, like, value);
  return value;
}

function mismatch(
  op: string,
  a: { readonly dtype: DType; readonly lanes: number },
  b: { readonly dtype: DType; readonly lanes: number },
): TensorError {
  return new TensorError(
    `Cannot build ${op}: expected operands of one type and as many lanes, got ${a.dtype}x${a.lanes} and ${b.dtype}x${b.lanes}`,
    "Use convert to change the type and splat to change the lanes.",
  );
}

/** `a op b` when one side makes it the other side, or a constant; undefined otherwise. */
function identity(op: KernelBinary, a: Expression, b: Expression): Expression | undefined {
  const float = a.dtype === "float32" || a.dtype === "float64";
  const left = a.kind === "number" ? a.value : undefined;
  const right = b.kind === "number" ? b.value : undefined;
  switch (op) {
    case "add":
      if (isNeutralZero(right, float)) return a;
      return isNeutralZero(left, float) ? b : undefined;
    case "sub":
      return Object.is(right, 0) ? a : undefined;
    case "mul":
      if (!float && (left === 0 || right === 0)) return numberLike(a, 0);
      return right === 1 ? a : left === 1 ? b : undefined;
    case "div":
      if (right === 1) return a;
      return float && right !== undefined && isPowerOfTwo(right) ? mul(a, 1 / right) : undefined;
    case "shiftLeft":
    case "shiftRight":
      return right !== undefined && (right & 31) === 0 ? a : undefined;
    case "and":
      if (left === 0 || right === 0) return numberLike(a, 0);
      return isAllOnes(a.dtype, right) ? a : isAllOnes(a.dtype, left) ? b : undefined;
    case "or":
    case "xor":
      return right === 0 ? a : left === 0 ? b : undefined;
    default:
      return undefined;
  }
}

/** x + (-0) is x for every float, x + 0 is not. */
function isNeutralZero(value: number | undefined, float: boolean): boolean {
  return float ? Object.is(value, -0) : value === 0;
}

function isAllOnes(dtype: DType, value: number | undefined): boolean {
  return value !== undefined && (dtype === "bool" ? value === 1 : (value | 0) === -1);
}

/** Whether multiplying by 1 / value is the same as dividing by it, in float32 and float64. */
function isPowerOfTwo(value: number): boolean {
  const size = Math.abs(value);
  return size >= 2 ** -60 && size <= 2 ** 60 && Number.isInteger(Math.log2(size)) && 2 ** Math.log2(size) === size;
}
