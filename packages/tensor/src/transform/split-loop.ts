/**
 * Loops cut in two: a loop over the known part that stacks its residuals, and a loop over the unknown part that reads them.
 * Residuals that do not change from turn to turn are passed as they are, never stacked.
 */
import { arrange, complement, cut, where } from "../program/arrange.ts";
import type { Parameters } from "../program/primitive.ts";
import { type Atom, type Equation, type Program, type Variable, variable } from "../program/program.ts";
import { reachThroughLoop, type Spreading, toldByBodies } from "../program/reach.ts";
import { emit } from "../trace/builder.ts";
import { type Tensor, tensorOf } from "../trace/tensor.ts";
import { postpone, readKnown, type Split, type SplitRule, type State } from "./split-form.ts";

/** A loop of the known part, which stacks what the loop of the rest reads of it. */
export const splitScan: SplitRule<"scan"> = ({ parameters, inputs, outputs }, mask, state, split) => {
  const { body, constants, carry } = parameters;
  const [length, ...operands] = inputs as [Atom, ...Atom[]];
  const [fixed, , series] = cut(mask.slice(1), constants, carry) as [boolean[], boolean[], boolean[]];
  const { carried } = reachThroughLoop(body, constants, carry, mask.slice(1), unknowns);
  const unknownInputs = [...fixed, ...carried, ...series];
  const parts = split(body, unknownInputs, carried);
  const outer = where(complement(unknownInputs), operands).map((atom) => readKnown(atom, state.values));
  const invariant = hoist(parts, outer.slice(0, complement(fixed).filter(Boolean).length));
  const knownOutputs = where(complement(parts.unknownOutputs), outputs);
  const stacked = parts.known.outputs.slice(knownOutputs.length).filter((_, i) => invariant[i] === null);
  const knownBody = arrange(parts.known, parts.known.inputs, [
    ...parts.known.outputs.slice(0, knownOutputs.length),
    ...stacked,
  ]);
  const knownCarry = carried.filter((flag) => !flag).length;
  const knownConstants = fixed.filter((flag) => !flag).length;
  const knownParameters = { ...parameters, body: knownBody, constants: knownConstants, carry: knownCarry };
  const results = emit("scan", knownParameters, [readKnown(length, state.values), ...outer]);
  knownOutputs.forEach((output, i) => {
    state.values.set(output, results[i] as Tensor);
  });
  const stackedResults = results.slice(knownOutputs.length);
  pushUnknownScan(
    parameters,
    parts,
    invariant,
    stackedResults,
    { length, operands, fixed, carried, series, outputs },
    state,
  );
};

/** The part of a loop that needs no unknowns; the rest runs forward only. */
export const splitWhile: SplitRule<"while"> = (equation, mask, state) => {
  knownWhile(equation, mask, state);
  postpone(equation, state);
};

/** How unknowns spread; a `while` whose condition reads one has no known part. */
const unknowns: Spreading = {
  passes: ({ primitive }) => (toldByBodies(primitive) ? undefined : true),
  fillsWhile: ({ parameters: { condition, conditionConstants } }, marked, carried) =>
    marked.slice(0, conditionConstants).some(Boolean) || readsCarried(condition, conditionConstants, carried),
  known: new WeakMap(),
};

/** Whether a program reads marked parts of the carry, which follows `skip` other inputs. */
function readsCarried({ inputs, equations }: Program, skip: number, carried: readonly boolean[]): boolean {
  const marked = new Set<Atom>(where(carried, inputs.slice(skip)));
  return equations.some((equation) => equation.inputs.some((input) => marked.has(input)));
}

interface Loop {
  readonly length: Atom;
  readonly operands: readonly Atom[];
  readonly fixed: readonly boolean[];
  readonly carried: readonly boolean[];
  readonly series: readonly boolean[];
  readonly outputs: readonly Variable[];
}

function pushUnknownScan(
  parameters: Parameters["scan"],
  { unknown: body, residuals, unknownOutputs }: Split,
  invariant: readonly (Tensor | null)[],
  stacked: readonly Tensor[],
  { length, operands, fixed, carried, series, outputs }: Loop,
  state: State,
): void {
  const residual = (tensor: Tensor): Variable => {
    const stand = variable({ dtype: tensor.dtype, shape: tensor.shape });
    state.values.set(stand, tensor);
    return stand;
  };
  const isInvariant = invariant.map((tensor) => tensor !== null);
  const fixedResiduals = where(isInvariant, invariant).map((tensor) => residual(tensor as Tensor));
  const stackedResiduals = stacked.map(residual);
  const [constants, state0, sequences] = cut(operands, fixed.length, carried.length) as [Atom[], Atom[], Atom[]];
  const [innerResiduals, innerUnknown] = cut(body.inputs, residuals) as [Variable[], Variable[]];
  const unknownConstants = fixed.filter(Boolean).length;
  const unknownCarry = carried.filter(Boolean).length;
  const [innerConstants, innerCarry, innerSlices] = cut(innerUnknown, unknownConstants, unknownCarry) as [
    Variable[],
    Variable[],
    Variable[],
  ];
  const newBody: Program = {
    ...body,
    inputs: [
      ...where(isInvariant, innerResiduals),
      ...innerConstants,
      ...innerCarry,
      ...where(complement(isInvariant), innerResiduals),
      ...innerSlices,
    ],
  };
  const unknownResults = where(unknownOutputs, outputs);
  state.later.push({
    primitive: "scan",
    parameters: {
      ...parameters,
      body: newBody,
      constants: fixedResiduals.length + unknownConstants,
      carry: unknownCarry,
    },
    inputs: [
      length,
      ...fixedResiduals,
      ...where(fixed, constants),
      ...where(carried, state0),
      ...stackedResiduals,
      ...where(series, sequences),
    ],
    outputs: unknownResults,
  } as Equation);
  for (const output of unknownResults) state.unknown.add(output);
}

/** For each residual, its value outside the loop if it does not change from turn to turn, else null. */
function hoist({ known, residuals }: Split, constants: readonly Tensor[]): (Tensor | null)[] {
  const values = new Map<Atom, Tensor>(constants.map((tensor, i) => [known.inputs[i] as Variable, tensor]));
  const wanted = known.outputs.slice(known.outputs.length - residuals);
  const fixed = new Set<Atom>(values.keys());
  for (const { inputs, outputs } of known.equations) {
    const steady = inputs.every((input) => input.kind === "constant" || fixed.has(input));
    if (steady) for (const output of outputs) fixed.add(output);
  }
  const needed = arrange(
    known,
    known.inputs,
    wanted.filter((atom) => fixed.has(atom)),
  );
  for (const { primitive, parameters, inputs, outputs } of needed.equations) {
    emit(
      primitive,
      parameters,
      inputs.map((input) => readKnown(input, values)),
    ).forEach((tensor, i) => {
      values.set(outputs[i] as Variable, tensor);
    });
  }
  return wanted.map((atom): Tensor | null =>
    atom.kind === "constant" ? tensorOf(atom, null) : (values.get(atom) ?? null),
  );
}

/** Runs the part of a `while` that needs no unknowns, so that its values are known although its tangents are not. */
function knownWhile({ parameters, inputs, outputs }: Equation<"while">, mask: readonly boolean[], state: State): void {
  const { condition, body, conditionConstants, bodyConstants } = parameters;
  const [test, fixed] = cut(mask, conditionConstants, bodyConstants) as [boolean[], boolean[]];
  const { carried } = reachThroughLoop(body, bodyConstants, outputs.length, mask.slice(conditionConstants), unknowns);
  const keep = complement(carried);
  if (test.some(Boolean) || readsCarried(condition, conditionConstants, carried)) return;
  const pick = (program: Program, skip: number, constants: readonly boolean[], outputs: readonly Atom[]): Program =>
    arrange(
      program,
      [...where(complement(constants), program.inputs.slice(0, skip)), ...where(keep, program.inputs.slice(skip))],
      outputs,
    );
  const known = {
    condition: pick(condition, conditionConstants, test, condition.outputs),
    body: pick(body, bodyConstants, fixed, where(keep, body.outputs)),
    conditionConstants,
    bodyConstants: fixed.filter((flag) => !flag).length,
  };
  const operands = where(complement([...test, ...fixed, ...carried]), inputs).map((atom) =>
    readKnown(atom, state.values),
  );
  const results = emit("while", known, operands);
  where(keep, outputs).forEach((output, i) => {
    state.values.set(output, results[i] as Tensor);
  });
}
