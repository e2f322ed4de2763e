/**
 * Equations that hold a program and no loop are opened: what they mean to derivatives is over when a program is lowered.
 * What a checkpoint computes again stays apart from the first time where the two are in different loops.
 */

import { refuseForward } from "../../program/only-transposed.ts";
import type { Program } from "../../program/primitive.ts";
import type { Atom } from "../../program/program.ts";
import { openProgram } from "./open-program.ts";
import type { Rewriter, Rule } from "./rewriter.ts";

/** The rule of `checkpoint` and `custom`. */
export function openCall(
  rewriter: Rewriter,
  { body }: { readonly body: Program },
  given: readonly Atom[],
): readonly Atom[] {
  return openProgram(rewriter, body, given);
}

/** The rule of `linear`. */
export const openLinear: Rule<"linear"> = (rewriter, parameters, given) => {
  if (parameters.onlyTransposed === true) refuseForward();
  return openProgram(rewriter, parameters.body, given);
};
