/**
 * The elementary functions as expressions, by the name of their primitive.
 */
import type { FloatUnary } from "../../program/primitive.ts";
import type { Block } from "../block.ts";
import { ceil, floor, round, sqrt } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { exp, expm1 } from "./exp.ts";
import { log, log1p } from "./log.ts";
import { tanh } from "./tanh.ts";
import { cos, sin } from "./trigonometric.ts";

/** Writes what it needs into the block and gives the value. */
export type ElementaryFunction = (block: Block, x: Expression) => Expression;

/** One for each primitive from a float to a float; all for float32 and float64 and any lanes. */
export const elementaryFunctions: { readonly [P in FloatUnary]: ElementaryFunction } = {
  sqrt: (_, x) => sqrt(x),
  exp,
  expm1,
  log,
  log1p,
  sin,
  cos,
  tanh,
  floor: (_, x) => floor(x),
  ceil: (_, x) => ceil(x),
  round: (_, x) => round(x),
};

export { pow } from "./pow.ts";
export { rem } from "./rem.ts";
export { sign } from "./sign.ts";
export { threefry2x32 } from "./threefry.ts";
