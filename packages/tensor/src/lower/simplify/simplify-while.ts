/**
 * A `while`: its condition and its body simplified, its test beside the body where that saves a carry.
 */

import type { Rule } from "./rewriter.ts";
import { rotateLoop } from "./rotate-loop.ts";
import { isSimplified, markSimplified, type Simplify } from "./simplified.ts";

/** The rule; `simplify` is the whole pass. */
export function simplifyWhile(simplify: Simplify): Rule<"while"> {
  return (rewriter, parameters, inputs) => {
    if (isSimplified(parameters.body) && isSimplified(parameters.condition)) return undefined;
    const rotated = rotateLoop(rewriter, parameters, inputs);
    const body = simplify((rotated?.parameters ?? parameters).body);
    const condition = simplify((rotated?.parameters ?? parameters).condition);
    markSimplified(body, condition);
    if (rotated === undefined) return rewriter.emit("while", { ...parameters, body, condition }, inputs);
    return rewriter.emit("while", { ...rotated.parameters, body, condition }, rotated.inputs).slice(1);
  };
}
