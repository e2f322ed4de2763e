/**
 * Batching: from the program of one member to the program of a batch.
 */
import { prune } from "../program/arrange.ts";
import type { Atom, Variable } from "../program/program.ts";
import { applyBatch } from "../rules/batch.ts";
import type { BatchTransform } from "../rules/batch-rule.ts";
import { spreadOver } from "../rules/spread-over.ts";
import { build, emit } from "../trace/builder.ts";
import { type Tensor, tensorOf } from "../trace/tensor.ts";

/**
 * The program for `size` members. Inputs marked `batched` get the batch as axis 0; equations that depend on none of
 * them stay as they are and are computed once.
 */
export const batchProgram: BatchTransform = (program, batched, size, forced = []) => {
  const types = program.inputs.map(({ type }, i) =>
    batched[i] === true ? { dtype: type.dtype, shape: [size, ...type.shape] } : type,
  );
  let found: boolean[] = [];
  const { program: derived } = build(types, (tensors) => {
    const values = new Map<Atom, Tensor>(program.inputs.map((input, i) => [input, tensors[i] as Tensor]));
    const members = new Set<Atom>(program.inputs.filter((_, i) => batched[i] === true));
    const read = (atom: Atom): Tensor =>
      atom.kind === "constant" ? tensorOf(atom, null) : (values.get(atom) as Tensor);
    for (const { primitive, parameters, inputs, outputs } of program.equations) {
      const mask = inputs.map((input) => members.has(input));
      const some = mask.some(Boolean);
      const operands = inputs.map(read);
      const results = some
        ? applyBatch(primitive, parameters, operands, mask, size, batchProgram)
        : emit(primitive, parameters, operands);
      outputs.forEach((output: Variable, i) => {
        values.set(output, results[i] as Tensor);
        if (some) members.add(output);
      });
    }
    found = program.outputs.map((output, i) => members.has(output) || forced[i] === true);
    return program.outputs.map((output, i) => {
      const tensor = read(output);
      return found[i] === true && !members.has(output) ? spreadOver(size, tensor) : tensor;
    });
  });
  return { program: prune(derived), batched: found };
};
