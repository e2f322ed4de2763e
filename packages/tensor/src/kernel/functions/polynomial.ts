/**
 * Polynomials by the rule of Horner.
 */
import { add, mul, numberLike } from "../build.ts";
import type { Expression } from "../kernel.ts";

/** c[0] + c[1] x + c[2] x^2 + … */
export function polynomial(x: Expression, coefficients: readonly number[]): Expression {
  let sum = numberLike(x, coefficients.at(-1) as number);
  for (let power = coefficients.length - 2; power >= 0; power--) sum = add(mul(sum, x), coefficients[power] as number);
  return sum;
}
