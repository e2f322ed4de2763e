/**
 * Algebra of point operations.
 *
 * Exact rules: constants are folded by the arithmetic of the kernel language (functions that are not correctly rounded
 * are left to run time); x*1, x/1, x-0, --x, x+(-y), x*(-1), select on a constant,
 * comparing codes that conditions chose, truth values beside a known one. Allowed though not exact to the last
 * bit: x+0 is x (for x = -0 the sum is +0), 0-x is -x (differs in the sign of zero), x^2 is x*x, sqrt and x*0.5 keep.
 * Not done: 0*x (NaN and infinity), reassociation.
 */
import { coerce } from "../../dtype.ts";
import type { KernelBinary, KernelUnary } from "../../kernel/kernel.ts";
import { applyBinary, applyUnary, convertElement } from "../../kernel/scalar.ts";
import { type Atom, type Equation, fill, type TensorType } from "../../program/program.ts";
import type { Rule, Rules } from "./rewriter.ts";

/** The number that a constant repeats. */
export function numberOf(atom: Atom | undefined): number | undefined {
  return atom?.kind === "constant" && typeof atom.value === "number" ? coerce(atom.type.dtype, atom.value) : undefined;
}

const isZero = (atom: Atom): boolean => numberOf(atom) === 0;
const isOne = (atom: Atom): boolean => numberOf(atom) === 1;

function filled(type: TensorType, value: number): Atom {
  return fill(type, coerce(type.dtype, value));
}

function unary(op: KernelUnary, rest?: Rule): Rule {
  return (rewriter, parameters, inputs) => {
    const [x] = inputs as readonly [Atom];
    const value = numberOf(x);
    if (value !== undefined) return filled(x.type, applyUnary(op, x.type.dtype, value));
    return rest?.(rewriter, parameters, inputs);
  };
}

function binary(op: KernelBinary, rest?: Rule): Rule {
  const isComparison = op === "less" || op === "lessEqual" || op === "equal" || op === "notEqual";
  return (rewriter, parameters, inputs) => {
    const [a, b] = inputs as readonly [Atom, Atom];
    const [x, y] = [numberOf(a), numberOf(b)];
    if (x !== undefined && y !== undefined) {
      const type: TensorType = isComparison ? { dtype: "bool", shape: a.type.shape } : a.type;
      return filled(type, applyBinary(op, a.type.dtype, x, y));
    }
    return rest?.(rewriter, parameters, inputs);
  };
}

/** The operand of a negation. */
function negated(rewriter: Parameters<Rule>[0], atom: Atom): Atom | undefined {
  const equation = rewriter.definition(atom);
  return equation?.primitive === "neg" ? equation.inputs[0] : undefined;
}

const add: Rule = (rewriter, _, inputs) => {
  const [a, b] = inputs as readonly [Atom, Atom];
  if (isZero(a)) return b;
  if (isZero(b)) return a;
  const [minusA, minusB] = [negated(rewriter, a), negated(rewriter, b)];
  if (minusB !== undefined) return rewriter.one("sub", {}, [a, minusB]);
  return minusA === undefined ? undefined : rewriter.one("sub", {}, [b, minusA]);
};

const sub: Rule = (rewriter, _, inputs) => {
  const [a, b] = inputs as readonly [Atom, Atom];
  if (isZero(b)) return a;
  if (isZero(a)) return rewriter.one("neg", {}, [b]);
  const minus = negated(rewriter, b);
  return minus === undefined ? undefined : rewriter.one("add", {}, [a, minus]);
};

const mul: Rule = (rewriter, _, inputs) => {
  const [a, b] = inputs as readonly [Atom, Atom];
  if (isOne(a)) return b;
  if (isOne(b)) return a;
  if (numberOf(a) === -1) return rewriter.one("neg", {}, [b]);
  if (numberOf(b) === -1) return rewriter.one("neg", {}, [a]);
  const [minusA, minusB] = [negated(rewriter, a), negated(rewriter, b)];
  if (minusA !== undefined && minusB !== undefined) return rewriter.one("mul", {}, [minusA, minusB]);
  const [x, y] = [numberOf(a), numberOf(b)];
  if (minusA !== undefined && y !== undefined) return rewriter.one("mul", {}, [minusA, filled(b.type, -y)]);
  if (minusB !== undefined && x !== undefined) return rewriter.one("mul", {}, [minusB, filled(a.type, -x)]);
  return undefined;
};

const div: Rule = (rewriter, _, inputs) => {
  const [a, b] = inputs as readonly [Atom, Atom];
  if (isOne(b)) return a;
  return numberOf(b) === -1 ? rewriter.one("neg", {}, [a]) : undefined;
};

const pow: Rule = (rewriter, _, inputs) => {
  const [a, b] = inputs as readonly [Atom, Atom];
  const exponent = numberOf(b);
  if (exponent === 1) return a;
  if (exponent === 2) return rewriter.one("mul", {}, [a, a]);
  return exponent === 0 ? filled(a.type, 1) : undefined;
};

const select: Rule = (rewriter, _, inputs) => {
  const [condition, a, b] = inputs as readonly [Atom, Atom, Atom];
  const known = numberOf(condition);
  if (known !== undefined) return known === 0 ? b : a;
  if (a === b) return a;
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && Object.is(x, y)) return a;
  if (a.type.dtype !== "bool") return undefined;
  const not = (): Atom => rewriter.one("not", {}, [condition]);
  if (x !== undefined) return x === 0 ? rewriter.one("and", {}, [not(), b]) : rewriter.one("or", {}, [condition, b]);
  if (y === undefined) return undefined;
  return y === 0 ? rewriter.one("and", {}, [condition, a]) : rewriter.one("or", {}, [not(), a]);
};

/** Whether one of some codes, chosen by conditions, is this one: a matter of the conditions. */
function compareCodes(op: "equal" | "notEqual"): Rule {
  return (rewriter, _, inputs) => {
    const [a, b] = inputs as readonly [Atom, Atom];
    const [chosen, code] = numberOf(a) === undefined ? [a, b] : [b, a];
    if (numberOf(code) === undefined || !isCode(rewriter, chosen)) return undefined;
    const { inputs: choice } = rewriter.definition(chosen) as Equation;
    const [condition, whether, otherwise] = choice as readonly [Atom, Atom, Atom];
    const compare = (one: Atom): Atom => rewriter.one(op, {}, [one, code]);
    return rewriter.one("select", {}, [condition, compare(whether), compare(otherwise)]);
  };
}

/** Whether a value is chosen from constants only. */
function isCode(rewriter: Parameters<Rule>[0], atom: Atom): boolean {
  const equation = rewriter.definition(atom);
  if (equation?.primitive !== "select") return false;
  return equation.inputs.slice(1).every((each) => numberOf(each) !== undefined || isCode(rewriter, each));
}

/** Truth values beside one that is known: `neutral` changes nothing, the other one decides. */
function absorb(neutral: 0 | 1): Rule {
  return (_, __, inputs) => {
    const [a, b] = inputs as readonly [Atom, Atom];
    if (a.type.dtype !== "bool") return undefined;
    const [x, y] = [numberOf(a), numberOf(b)];
    if (a === b || y === neutral) return a;
    if (x === neutral) return b;
    return x === undefined ? (y === undefined ? undefined : b) : a;
  };
}

/** Rules of point operations. */
export const algebraRules: Rules = {
  neg: unary("neg", (rewriter, _, [x]) => negated(rewriter, x as Atom)) as Rule<"neg">,
  abs: unary("abs") as Rule<"abs">,
  sqrt: unary("sqrt") as Rule<"sqrt">,
  floor: unary("floor") as Rule<"floor">,
  ceil: unary("ceil") as Rule<"ceil">,
  round: unary("round") as Rule<"round">,
  not: unary("not") as Rule<"not">,
  add: binary("add", add) as Rule<"add">,
  sub: binary("sub", sub) as Rule<"sub">,
  mul: binary("mul", mul) as Rule<"mul">,
  div: binary("div", div) as Rule<"div">,
  max: binary("max") as Rule<"max">,
  min: binary("min") as Rule<"min">,
  less: binary("less") as Rule<"less">,
  lessEqual: binary("lessEqual") as Rule<"lessEqual">,
  equal: binary("equal", compareCodes("equal")) as Rule<"equal">,
  notEqual: binary("notEqual", compareCodes("notEqual")) as Rule<"notEqual">,
  and: binary("and", absorb(1)) as Rule<"and">,
  or: binary("or", absorb(0)) as Rule<"or">,
  xor: binary("xor") as Rule<"xor">,
  shiftLeft: binary("shiftLeft") as Rule<"shiftLeft">,
  shiftRight: binary("shiftRight") as Rule<"shiftRight">,
  pow: pow as Rule<"pow">,
  select: select as Rule<"select">,
  stopGradient: (_, __, [x]) => x,
  allSum: (_, __, [x]) => x,
  convert: (_, { dtype }, inputs) => {
    const [x] = inputs as readonly [Atom];
    if (x.type.dtype === dtype) return x;
    const value = numberOf(x);
    if (value === undefined) return undefined;
    return fill({ dtype, shape: x.type.shape }, convertElement(x.type.dtype, dtype, value));
  },
};
