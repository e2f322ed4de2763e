/**
 * A switch becomes loops of at most one turn, one for each branch: a loop that runs no turn is a branch that is not
 * taken. So schedules and targets need nothing of their own for it, and what is in a branch is fused as what is in a loop.
 */
import type { Parameters, Program } from "../../program/primitive.ts";
import { type Atom, fill, variable } from "../../program/program.ts";
import { numberOf } from "./algebra.ts";
import { openProgram } from "./open-program.ts";
import type { Rewriter } from "./rewriter.ts";

/** The rule of `switch`. */
export function openSwitch(
  rewriter: Rewriter,
  { branches }: Parameters["switch"],
  [index, ...operands]: readonly Atom[],
): readonly Atom[] {
  const last = branches.length - 1;
  const known = last === 0 ? 0 : numberOf(index as Atom);
  if (known !== undefined) {
    return openProgram(rewriter, branches[Math.max(0, Math.min(last, known))] as Program, operands);
  }
  // As sequences of one slice, and not as constants: what a branch computes of them must not be taken out of it.
  const slices = operands.map((operand) => {
    return rewriter.one("reshape", { shape: [1, ...operand.type.shape] }, [operand]);
  });
  let results: readonly Atom[] = (branches[0] as Program).outputs.map(({ type }) => fill(type, 0));
  branches.forEach((branch, i) => {
    const states = branch.outputs.map(({ type }) => variable(type));
    const body: Program = { ...branch, inputs: [...states, ...branch.inputs] };
    const length = rewriter.one("convert", { dtype: "int32" }, [isTaken(rewriter, index as Atom, i, last)]);
    const parameters = { body, constants: 0, carry: states.length, bound: 1, reverse: false };
    results = rewriter.emit("scan", parameters, [length, ...results, ...slices]);
  });
  return results;
}

/** Whether branch `i` is taken: that of the number of the index, the first below and the last beyond them. */
function isTaken(rewriter: Rewriter, index: Atom, i: number, last: number): Atom {
  const number = fill({ dtype: "int32", shape: [] }, i);
  if (i === 0) return rewriter.one("lessEqual", {}, [index, number]);
  return i === last ? rewriter.one("lessEqual", {}, [number, index]) : rewriter.one("equal", {}, [index, number]);
}
