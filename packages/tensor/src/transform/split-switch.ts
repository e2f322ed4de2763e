/**
 * A switch cut in two.
 */
import { complement, either, where } from "../program/arrange.ts";
import { type Atom, variable } from "../program/program.ts";
import { emit } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import { joinBranches } from "./join-branches.ts";
import { readKnown, type SplitRule } from "./split-form.ts";

/** A switch of the known parts of the branches, and one of the others that reads what the first leaves. */
export const splitSwitch: SplitRule<"switch"> = ({ parameters, inputs, outputs }, mask, state, split) => {
  const [index, ...operands] = inputs as [Atom, ...Atom[]];
  const { branches } = parameters;
  const unknown = mask.slice(1);
  const unknownOutputs = branches.map((branch) => split(branch, unknown).unknownOutputs).reduce(either);
  const parts = branches.map((branch) => split(branch, unknown, unknownOutputs));
  const { known, later, types } = joinBranches(
    parts,
    where(
      complement(unknown),
      operands.map(({ type }) => type),
    ),
  );
  const given = where(complement(unknown), operands);
  const values = [index, ...given].map((atom) => readKnown(atom, state.values));
  const results = emit("switch", { branches: known }, values);
  const knownOutputs = where(complement(unknownOutputs), outputs);
  knownOutputs.forEach((output, i) => {
    state.values.set(output, results[i] as Tensor);
  });
  const residuals = types.map((type, i) => {
    const stand = variable(type);
    state.values.set(stand, results[knownOutputs.length + i] as Tensor);
    return stand;
  });
  const found = where(unknownOutputs, outputs);
  state.later.push({
    primitive: "switch",
    parameters: { branches: later },
    inputs: [index, ...given, ...residuals, ...where(unknown, operands)],
    outputs: found,
  });
  for (const output of found) state.unknown.add(output);
};
