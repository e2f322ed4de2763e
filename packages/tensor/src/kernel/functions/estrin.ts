/**
 * Polynomials by the scheme of Estrin: pairs, then pairs of pairs, for a chain of operations as short as the logarithm of
 * the degree. What waits for the value of one polynomial at a time (the step of a solver) goes faster than by `polynomial`.
 */
import type { Block } from "../block.ts";
import { add, mul, numberLike } from "../build.ts";
import type { Expression } from "../kernel.ts";

/** c[0] + c[1] x + c[2] x^2 + … for an x that is named. */
export function estrin(block: Block, x: Expression, coefficients: readonly number[]): Expression {
  let terms: readonly Expression[] = coefficients.map((coefficient) => numberLike(x, coefficient));
  let power = x;
  while (terms.length > 1) {
    if (terms.length < coefficients.length) power = block.name("power", mul(power, power));
    terms = inPairs(terms, power);
  }
  return terms[0] as Expression;
}

function inPairs(terms: readonly Expression[], power: Expression): readonly Expression[] {
  return terms.flatMap((term, i) => {
    if (i % 2 === 1) return [];
    const next = terms[i + 1];
    return [next === undefined ? term : add(term, mul(next, power))];
  });
}
