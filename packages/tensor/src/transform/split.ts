/**
 * Reverse mode, first half: cuts a program of values and tangents in two, the part that is known before any tangent is
 * and the part that is linear in the tangents. What the second reads of the first are the residuals.
 *
 * Loops are cut likewise: a loop over the known part that stacks its residuals, and a loop over the unknown part that
 * reads them. Residuals that do not change from turn to turn (the weights!) are passed as they are, never stacked.
 */
import { arrange, complement, where } from "../program/arrange.ts";
import type { PrimitiveName } from "../program/primitive.ts";
import type { Atom, Equation, Program, Variable } from "../program/program.ts";
import { build, emit } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import { loadedSplitRules, postpone, readKnown, type Split, type SplitRule, type State } from "./split-form.ts";

/**
 * @param unknown Which inputs are unknown.
 * @param forced Which outputs are to be computed by the unknown part in any case.
 */
export function split(program: Program, unknown: readonly boolean[], forced: readonly boolean[] = []): Split {
  const knownInputs = where(complement(unknown), program.inputs);
  const later: Equation[] = [];
  const unknownSet = new Set<Atom>(where(unknown, program.inputs));
  let residuals: Variable[] = [];
  let unknownOutputs: boolean[] = [];
  const { program: known } = build(
    knownInputs.map(({ type }) => type),
    (tensors) => {
      const values = new Map<Atom, Tensor>(knownInputs.map((input, i) => [input, tensors[i] as Tensor]));
      const state: State = { values, unknown: unknownSet, later };
      for (const equation of program.equations) place(equation, state);
      unknownOutputs = program.outputs.map((output, i) => unknownSet.has(output) || forced[i] === true);
      residuals = readOf(later, where(unknownOutputs, program.outputs), values);
      const knownOutputs = where(complement(unknownOutputs), program.outputs);
      return [...knownOutputs, ...residuals].map((atom) => readKnown(atom, values));
    },
  );
  const inputs = [...residuals, ...where(unknown, program.inputs)];
  const linear: Program = { inputs, equations: later, outputs: where(unknownOutputs, program.outputs) };
  return { known, unknown: arrange(linear, inputs, linear.outputs), residuals: residuals.length, unknownOutputs };
}

/** Known variables that the equations or outputs read, each once. Dead equations are not asked. */
function readOf(
  equations: readonly Equation[],
  outputs: readonly Atom[],
  values: ReadonlyMap<Atom, Tensor>,
): Variable[] {
  const live = arrange({ inputs: [], equations, outputs }, [], outputs).equations;
  const atoms = new Set([...live.flatMap(({ inputs }) => inputs), ...outputs]);
  return [...atoms].filter((atom) => atom.kind === "variable" && values.has(atom)) as Variable[];
}

function place(equation: Equation, state: State): void {
  const mask = equation.inputs.map((input) => state.unknown.has(input));
  const rule = loadedSplitRules.get(equation.primitive) as SplitRule<PrimitiveName> | undefined;
  if (!mask.some(Boolean)) compute(equation, state);
  else if (rule !== undefined) rule(equation, mask, state, split);
  else postpone(equation, state);
}

function compute({ primitive, parameters, inputs, outputs }: Equation, { values }: State): void {
  emit(
    primitive,
    parameters,
    inputs.map((input) => readKnown(input, values)),
  ).forEach((tensor, i) => {
    values.set(outputs[i] as Variable, tensor);
  });
}
