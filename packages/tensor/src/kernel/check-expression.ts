/**
 * The types, lanes and scope of expressions; see `check.ts`.
 */
import type { DType } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { isComparison } from "./build.ts";
import { childrenOf } from "./children.ts";
import type { Address, Expression, Kernel, KernelBinary, KernelUnary, Local, LoopVariable } from "./kernel.ts";

/** What a kernel is checked against; `lanes` collects the numbers of lanes it uses. */
export interface CheckContext {
  readonly kernel: Kernel;
  /** Expressions found right, with the scope in which they were. */
  readonly checked: Map<Expression, Scope>;
  readonly lanes: Set<number>;
}

/** What may be read at a place. */
export interface Scope {
  readonly locals: Set<Local>;
  readonly loops: ReadonlySet<LoopVariable>;
}

/** The error of a broken rule. */
export function broken(kernel: string, expected: string, found: string): TensorError {
  return new TensorError(
    `Cannot check ${kernel}: expected ${expected}, got ${found}`,
    "This is a fault in what made the kernel, not in the program it came from.",
    "defect",
  );
}

/** Throws where an expression breaks a rule; parts met before in a scope inside this one are not looked at again. */
export function checkExpression(context: CheckContext, expression: Expression, scope: Scope): void {
  if (context.checked.get(expression) === scope) return;
  const problem = problemOf(expression, scope);
  if (problem !== undefined) throw broken(context.kernel.name, problem[0], problem[1]);
  checkLanes(context, expression);
  if (expression.kind === "load") checkAddress(context, expression.address, scope);
  else for (const child of childrenOf(expression)) checkExpression(context, child, scope);
  context.checked.set(expression, scope);
}

/** Parameter, loops and the computed part of an address. */
export function checkAddress(context: CheckContext, address: Address, scope: Scope): void {
  const { name, parameters } = context.kernel;
  if (!(address.base >= 0 && address.base < parameters)) {
    throw broken(name, `one of ${parameters} address parameters`, String(address.base));
  }
  for (const { loop } of address.terms) {
    if (!scope.loops.has(loop)) throw broken(name, "a counter of a loop around", loop.name);
  }
  if (address.dynamic === undefined) return;
  checkExpression(context, address.dynamic, scope);
  const { dtype, lanes } = address.dynamic;
  if (dtype !== "int32" || lanes !== 1) throw broken(name, "an address in int32x1", `${dtype}x${lanes}`);
}

type Problem = readonly [expected: string, found: string];

function checkLanes(context: CheckContext, expression: Expression): void {
  context.lanes.add(expression.lanes);
  const widest = Math.max(...context.lanes);
  if ([...context.lanes].some((lanes) => !Number.isInteger(Math.log2(widest / lanes))))
    throw broken(context.kernel.name, "vectors of one number of lanes, or halves", [...context.lanes].join(", "));
}

const numeric: readonly DType[] = ["float32", "float64", "int32", "uint32"];
const words: readonly DType[] = ["int32", "uint32"];
const truths: readonly DType[] = ["int32", "uint32", "bool"];
const floats: readonly DType[] = ["float32", "float64"];
const all: readonly DType[] = [...numeric, "bool"];

const unaryTypes: { readonly [O in KernelUnary]: readonly DType[] } = {
  neg: numeric,
  abs: numeric,
  sqrt: floats,
  floor: floats,
  ceil: floats,
  round: floats,
  not: truths,
};

const binaryTypes: { readonly [O in KernelBinary]: readonly DType[] } = {
  add: numeric,
  sub: numeric,
  mul: numeric,
  div: numeric,
  max: all,
  min: all,
  and: truths,
  or: truths,
  xor: truths,
  shiftLeft: words,
  shiftRight: words,
  less: all,
  lessEqual: all,
  equal: all,
  notEqual: all,
};

function problemOf(expression: Expression, scope: Scope): Problem | undefined {
  switch (expression.kind) {
    case "number":
      return undefined;
    case "local": {
      const { local } = expression;
      if (!scope.locals.has(local)) return ["a local that is set before", local.name];
      return same(expression, local);
    }
    case "index":
      return scope.loops.has(expression.loop) ? undefined : ["a counter of a loop around", expression.loop.name];
    case "load":
      return expression.lanes === 1 && expression.access.kind !== "contiguous"
        ? ["a plain load of one lane", expression.access.kind]
        : undefined;
    case "unary":
      return oneOf(unaryTypes[expression.op], expression.a) ?? same(expression, expression.a);
    case "binary": {
      const { op, a, b } = expression;
      const result = isComparison(op) ? { dtype: "bool" as const, lanes: a.lanes } : a;
      return oneOf(binaryTypes[op], a) ?? same(b, a) ?? same(expression, result);
    }
    case "select": {
      const { condition, a, b } = expression;
      return same(condition, { dtype: "bool", lanes: a.lanes }) ?? same(b, a) ?? same(expression, a);
    }
    case "convert":
      return same(expression, { dtype: expression.dtype, lanes: expression.a.lanes });
    case "bitcast":
      return (
        oneOf(["float32", "int32", "uint32"], expression.a) ??
        oneOf(["float32", "int32", "uint32"], expression) ??
        sameLanes(expression, expression.a)
      );
    case "highBits":
    case "lowBits":
      return oneOf(["float64"], expression.a) ?? sameLanes(expression, expression.a);
    case "fromBits":
      return (
        oneOf(["int32"], expression.high) ??
        same(expression.low, expression.high) ??
        sameLanes(expression, expression.high)
      );
    case "interleave":
      return oneOf(numeric, expression) ?? same(expression.b, expression.a) ?? evenLanes(expression);
    case "splat":
      return same(expression.a, { dtype: expression.dtype, lanes: 1 });
    case "horizontal":
      return same(expression, { dtype: expression.a.dtype, lanes: 1 });
  }
}

type Typed = Pick<Expression, "dtype" | "lanes">;

function same(found: Typed, expected: Typed): Problem | undefined {
  if (found.dtype === expected.dtype && found.lanes === expected.lanes) return undefined;
  return [show(expected), show(found)];
}

function sameLanes(found: Typed, expected: Typed): Problem | undefined {
  return found.lanes === expected.lanes ? undefined : [`${expected.lanes} lanes`, `${found.lanes}`];
}

function evenLanes({ lanes }: Typed): Problem | undefined {
  return lanes % 2 === 0 ? undefined : ["an even number of lanes", String(lanes)];
}

function oneOf(types: readonly DType[], found: Typed): Problem | undefined {
  return types.includes(found.dtype) ? undefined : [types.join(" or "), show(found)];
}

function show({ dtype, lanes }: Typed): string {
  return `${dtype}x${lanes}`;
}
