/**
 * Numbers as one factor: x + x is 2 x, and what is negated or doubled again is one product with a number.
 *
 * Reverse mode writes the derivative of a square as a sum of two equal terms and of 1 - y y as its negative. Passes that
 * look for common factors count such terms; after them, one product takes the place of an addition and a negation.
 * Exact: numbers that are powers of two change exponents and signs only.
 *
 * In: a program. Out: an equal one.
 */
import { coerce, isFloat } from "../dtype.ts";
import { type Atom, type Equation, fill, type Program } from "../program/program.ts";
import { algebraRules, numberOf } from "./simplify/algebra.ts";
import { applyRules } from "./simplify/apply-rules.ts";
import type { Rule, Rules } from "./simplify/rewriter.ts";

/** The program with such sums and negations as products, in loops too. */
export function doubles(program: Program): Program {
  return applyRules({ ...program, equations: program.equations.map(inLoop) }, rules);
}

function inLoop(equation: Equation): Equation {
  if (equation.primitive !== "scan") return equation;
  const scan = equation as Equation<"scan">;
  return { ...scan, parameters: { ...scan.parameters, body: doubles(scan.parameters.body) } } as Equation;
}

const double: Rule<"add"> = (rewriter, _, [a, b]) =>
  a === b && isFloat((a as Atom).type.dtype)
    ? rewriter.one("mul", {}, [a as Atom, fill((a as Atom).type, 2)])
    : undefined;

/** c x as [x, c]. */
function multiple(rewriter: Parameters<Rule>[0], atom: Atom): readonly [Atom, number] | undefined {
  const equation = rewriter.definition(atom);
  if (equation?.primitive !== "mul" || !isFloat(atom.type.dtype)) return undefined;
  const [a, b] = equation.inputs as readonly [Atom, Atom];
  const [x, y] = [numberOf(a), numberOf(b)];
  return y !== undefined ? [a, y] : x !== undefined ? [b, x] : undefined;
}

const negate: Rule<"neg"> = (rewriter, parameters, inputs) => {
  const [x] = inputs as readonly [Atom];
  const found = multiple(rewriter, x);
  if (found === undefined) return algebraRules.neg?.(rewriter, parameters, inputs);
  return rewriter.one("mul", {}, [found[0], fill(x.type, -found[1])]);
};

const isPowerOfTwo = (value: number): boolean => value !== 0 && Number.isInteger(Math.log2(Math.abs(value)));

const scale: Rule<"mul"> = (rewriter, _, inputs) => {
  const [a, b] = inputs as readonly [Atom, Atom];
  const [x, y] = [numberOf(a), numberOf(b)];
  const [number, other] = y !== undefined ? [y, a] : [x, b];
  const found = number === undefined ? undefined : multiple(rewriter, other);
  if (number === undefined || found === undefined || !(isPowerOfTwo(number) || isPowerOfTwo(found[1])))
    return undefined;
  const both = coerce(other.type.dtype, number * found[1]);
  const isLost = both === 0 || !Number.isFinite(both);
  return isLost ? undefined : rewriter.one("mul", {}, [found[0], fill(other.type, both)]);
};

const rules: Rules = { add: double, neg: negate, mul: scale };
