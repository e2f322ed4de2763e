/**
 * Arguments of functions.
 */
import type { Block } from "../block.ts";
import type { Expression } from "../kernel.ts";

/** An argument that is computed once, however often the function reads it. */
export function nameOnce(block: Block, x: Expression): Expression {
  return x.kind === "local" ? x : block.name("x", x);
}
