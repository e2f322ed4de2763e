/**
 * Equations that hold a program and no loop are opened: what they mean to derivatives is over when a program is lowered.
 * What a checkpoint computes again stays apart from the first time where the two are in different loops.
 */

import { refuseForward } from "../../program/only-transposed.ts";
import type { Program } from "../../program/primitive.ts";
import type { Atom } from "../../program/program.ts";
import { openProgram } from "./open-program.ts";
import { openSwitch } from "./open-switch.ts";
import type { Rewriter, Rule, Rules } from "./rewriter.ts";

const open = (rewriter: Rewriter, { body }: { readonly body: Program }, given: readonly Atom[]): readonly Atom[] =>
  openProgram(rewriter, body, given);

const openLinear: Rule<"linear"> = (rewriter, parameters, given) => {
  if (parameters.onlyTransposed === true) refuseForward();
  return open(rewriter, parameters, given);
};

/** Rules of calls. */
export const callRules: Rules = { checkpoint: open, custom: open, linear: openLinear, switch: openSwitch };
