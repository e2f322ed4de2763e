/**
 * Program to program: an equal program with less to do.
 *
 * Every equation is rebuilt in order: constants folded, algebra applied, views composed, tiny contractions expanded,
 * calls and defined primitives opened,
 * equal equations shared (`simplify/rewriter.ts` and the rules beside it), loops opened and their invariants hoisted;
 * then what nobody reads is removed. Two rounds where there are loops, since what they give up can simplify what surrounds
 * them; what is made of simplified programs needs one only. Linear in the number of equations for each depth of nesting. Results may differ from the original in the sign of zeros and in
 * the last bits of sums (see the rules); nothing else.
 */
import type { Equation, Program } from "../program/program.ts";
import { algebraRules } from "./simplify/algebra.ts";
import { applyRules } from "./simplify/apply-rules.ts";
import { contractionRules, withExchange } from "./simplify/contraction.ts";
import { scanRule } from "./simplify/loops.ts";
import { movementRules } from "./simplify/movement.ts";
import { loadedSimplifyRules, type Rule, type Rules } from "./simplify/rewriter.ts";

const coreRules: Rules = {
  ...algebraRules,
  ...movementRules,
  ...contractionRules,
  scan: scanRule((body) => simplifyAgain(body)),
  transpose: withExchange(movementRules.transpose as Rule<"transpose">),
};

/** All rules, for passes that build programs. */
export function simplifyRules(): Rules {
  return { ...loadedSimplifyRules.rows, ...coreRules };
}

/** The simplified program; inputs and the types of outputs stay. */
export function simplify(program: Program): Program {
  const once = simplifyAgain(program);
  return once.equations.some(isLoop) ? simplifyAgain(once) : once;
}

const isLoop = ({ primitive }: Equation): boolean => primitive === "scan" || primitive === "while";

/** As `simplify` in one round: for a program made of a simplified one. */
export function simplifyAgain(program: Program): Program {
  return applyRules(program, simplifyRules());
}
