/**
 * Forward mode: from a program to the program of its values and tangents.
 */
import { isFloat } from "../dtype.ts";
import { prune, where } from "../program/arrange.ts";
import type { Atom, Program, TensorType, Variable } from "../program/program.ts";
import { applyJvp } from "../rules/jvp.ts";
import type { JvpProgram, JvpTransform, Tangent } from "../rules/jvp-rule.ts";
import { build, emit } from "../trace/builder.ts";
import { full, type Tensor, tensorOf } from "../trace/tensor.ts";

/**
 * The jvp of a program; see `JvpProgram` for its inputs and outputs.
 *
 * @param nonzero Which inputs have a tangent; of those that are not floats it is taken to be zero.
 * @param forced Which outputs must have a tangent, zeros if need be (floats only).
 */
export const jvpProgram: JvpTransform = (program, nonzero, forced = []): JvpProgram => {
  const mask = program.inputs.map(({ type }, i) => nonzero[i] === true && isFloat(type.dtype));
  const types: TensorType[] = program.inputs.map(({ type }) => type);
  const marked = program.inputs.map((_, i) => nonzero[i] === true);
  let found: boolean[] = [];
  const { program: derived } = build([...types, ...where(marked, types)], (tensors) => {
    const primals = tensors.slice(0, types.length);
    const { outputs, tangents } = run(program, primals, spread(mask, marked, tensors.slice(types.length)));
    const kept = tangents.map((tangent, i) => {
      const output = outputs[i] as Tensor;
      return tangent ?? (forced[i] === true ? full(output.shape, 0, output.dtype) : null);
    });
    found = kept.map((tangent) => tangent !== null);
    return [...outputs, ...kept.filter((tangent) => tangent !== null)];
  });
  return { program: prune(derived), nonzero: found };
};

function spread(mask: readonly boolean[], marked: readonly boolean[], tensors: readonly Tensor[]): Tangent[] {
  let next = 0;
  return marked.map((flag, i) => {
    const tensor = flag ? (tensors[next++] as Tensor) : null;
    return mask[i] === true ? tensor : null;
  });
}

function run(
  program: Program,
  primals: readonly Tensor[],
  given: readonly Tangent[],
): { outputs: Tensor[]; tangents: Tangent[] } {
  const values = new Map<Variable, Tensor>();
  const tangents = new Map<Variable, Tensor>();
  const bind = (variable: Variable, primal: Tensor, tangent: Tangent): void => {
    values.set(variable, primal);
    if (tangent !== null) tangents.set(variable, tangent);
  };
  program.inputs.forEach((input, i) => {
    bind(input, primals[i] as Tensor, given[i] ?? null);
  });
  const read = (atom: Atom): Tensor => (atom.kind === "constant" ? tensorOf(atom, null) : (values.get(atom) as Tensor));
  const tangentOf = (atom: Atom): Tangent => (atom.kind === "constant" ? null : (tangents.get(atom) ?? null));
  for (const { primitive, parameters, inputs, outputs } of program.equations) {
    const operands = inputs.map(read);
    const directions = inputs.map(tangentOf);
    const results = directions.every((direction) => direction === null)
      ? { primals: emit(primitive, parameters, operands), tangents: outputs.map(() => null) }
      : applyJvp(primitive, parameters, operands, directions, jvpProgram);
    outputs.forEach((output, i) => {
      bind(output, results.primals[i] as Tensor, results.tangents[i] ?? null);
    });
  }
  return { outputs: program.outputs.map(read), tangents: program.outputs.map(tangentOf) };
}
