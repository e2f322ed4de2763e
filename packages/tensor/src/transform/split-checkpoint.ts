/**
 * A checkpoint cut in two.
 */
import { arrange, complement, prune, where } from "../program/arrange.ts";
import type { Atom, Program, Variable } from "../program/program.ts";
import { build, emit, inline } from "../trace/builder.ts";
import { readKnown, type SplitRule } from "./split-form.ts";

/**
 * The known outputs are computed; for the unknown ones the known part is computed again later, inside the checkpoint, so
 * that its known inputs are all that is kept.
 */
export const splitCheckpoint: SplitRule<"checkpoint"> = (
  { parameters: { body }, inputs, outputs },
  mask,
  state,
  split,
) => {
  const { known, unknown, unknownOutputs } = split(body, mask);
  const knownOutputs = where(complement(unknownOutputs), outputs);
  const now = arrange(known, known.inputs, known.outputs.slice(0, knownOutputs.length));
  const operands = where(complement(mask), inputs).map((atom) => readKnown(atom, state.values));
  emit("checkpoint", { body: now }, operands).forEach((tensor, i) => {
    state.values.set(knownOutputs[i] as Variable, tensor);
  });
  const { program: later } = build(
    body.inputs.map(({ type }) => type),
    (tensors) => {
      const residuals = inline(known, where(complement(mask), tensors)).slice(knownOutputs.length);
      return inline(unknown, [...residuals, ...where(mask, tensors)]);
    },
  );
  // What only the known part reads of its inputs need not be kept.
  const { equations, outputs: atoms } = prune(later);
  const needed = new Set<Atom>([...equations.flatMap((equation) => equation.inputs), ...atoms]);
  const used = later.inputs.map((input) => needed.has(input));
  const again: Program = { inputs: where(used, later.inputs), equations, outputs: atoms };
  const results = where(unknownOutputs, outputs);
  state.later.push({
    primitive: "checkpoint",
    parameters: { body: again },
    inputs: where(used, inputs),
    outputs: results,
  });
  for (const output of results) state.unknown.add(output);
};
