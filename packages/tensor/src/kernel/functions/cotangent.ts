/**
 * cot(pi x), for the reflections of digamma and its derivatives: x - round(x) is exact, and so is its distance to a half.
 */
import type { Block } from "../block.ts";
import { abs, div, mul, round, sub } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { accurateSin } from "./trigonometric.ts";
import { withSign } from "./with-sign.ts";

/** cot(pi x); infinite at integers, NaN at infinities. */
export function cotangent(block: Block, x: Expression): Expression {
  const rest = block.name("rest", sub(x, round(x)));
  const size = block.name("size", abs(rest));
  const sine = (part: Expression): Expression => accurateSin(block, block.name("angle", mul(part, Math.PI)));
  return withSign(block.name("cotangent", div(sine(sub(0.5, size)), sine(size))), rest);
}
