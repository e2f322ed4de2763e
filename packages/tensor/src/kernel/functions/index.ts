/**
 * The elementary functions as expressions, by the name of their primitive.
 */
import type { FloatUnary } from "../../program/primitive.ts";
import type { Block } from "../block.ts";
import { ceil, floor, round, sqrt } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { atan2 as angle } from "./atan2.ts";
import { digamma } from "./digamma.ts";
import { erf, erfc } from "./erf.ts";
import { exp, expm1 } from "./exp.ts";
import { lgamma } from "./lgamma.ts";
import { log, log1p } from "./log.ts";
import { nameOnce } from "./name-once.ts";
import { polygamma as derivativeOfDigamma } from "./polygamma.ts";
import { pow as power } from "./pow.ts";
import { rem as remainder } from "./rem.ts";
import { tanh } from "./tanh.ts";
import { cos, sin } from "./trigonometric.ts";

/** Writes what it needs into the block and gives the value. */
export type ElementaryFunction = (block: Block, x: Expression) => Expression;

/** One for each primitive from a float to a float; all for float32 and float64 and any lanes. */
export const elementaryFunctions: { readonly [P in FloatUnary]: ElementaryFunction } = {
  sqrt: (_, x) => sqrt(x),
  exp: ofNamed(exp),
  expm1: ofNamed(expm1),
  log: ofNamed(log),
  log1p: ofNamed(log1p),
  sin: ofNamed(sin),
  cos: ofNamed(cos),
  tanh: ofNamed(tanh),
  erf: ofNamed(erf),
  erfc: ofNamed(erfc),
  lgamma: ofNamed(lgamma),
  digamma: ofNamed(digamma),
  floor: (_, x) => floor(x),
  ceil: (_, x) => ceil(x),
  round: (_, x) => round(x),
};

/** x to the power y, as IEEE 754. */
export function pow(block: Block, x: Expression, y: Expression): Expression {
  return power(block, nameOnce(block, x), nameOnce(block, y));
}

/** The angle of the point (x, y), as IEEE 754. */
export function atan2(block: Block, y: Expression, x: Expression): Expression {
  return angle(block, nameOnce(block, y), nameOnce(block, x));
}

/** The derivative of digamma of an order from 1 on. */
export function polygamma(block: Block, x: Expression, order: number): Expression {
  return derivativeOfDigamma(block, nameOnce(block, x), order);
}

/** The remainder of truncated division, with the sign of x; of integers by 0 it is 0. */
export function rem(block: Block, x: Expression, y: Expression): Expression {
  return remainder(block, nameOnce(block, x), nameOnce(block, y));
}

export { sign } from "./sign.ts";
export { threefry2x32 } from "./threefry.ts";

/** The same with an argument that is computed once, whatever expression it is. */
function ofNamed(write: ElementaryFunction): ElementaryFunction {
  return (block, x) => write(block, nameOnce(block, x));
}
