/**
 * Reverse mode, first half: cuts a program of values and tangents in two, the part that is known before any tangent is
 * and the part that is linear in the tangents. What the second reads of the first are the residuals.
 *
 * Loops are cut likewise: a loop over the known part that stacks its residuals, and a loop over the unknown part that
 * reads them. Residuals that do not change from turn to turn (the weights!) are passed as they are, never stacked.
 */
import { arrange, complement, cut, either, prune, where } from "../program/arrange.ts";
import type { Parameters } from "../program/primitive.ts";
import { type Atom, type Equation, type Program, type Variable, variable } from "../program/program.ts";
import { reachThroughLoop, type Spreading, toldByBodies } from "../program/reach.ts";
import { build, emit, inline } from "../trace/builder.ts";
import { type Tensor, tensorOf } from "../trace/tensor.ts";
import { joinBranches } from "./join-branches.ts";
import type { Split } from "./split-form.ts";

interface State {
  readonly values: Map<Atom, Tensor>;
  readonly unknown: Set<Atom>;
  readonly later: Equation[];
}

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
      return [...knownOutputs, ...residuals].map((atom) => read(atom, values));
    },
  );
  const inputs = [...residuals, ...where(unknown, program.inputs)];
  const linear: Program = { inputs, equations: later, outputs: where(unknownOutputs, program.outputs) };
  return { known, unknown: arrange(linear, inputs, linear.outputs), residuals: residuals.length, unknownOutputs };
}

function read(atom: Atom, values: ReadonlyMap<Atom, Tensor>): Tensor {
  return atom.kind === "constant" ? tensorOf(atom, null) : (values.get(atom) as Tensor);
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
  if (!mask.some(Boolean)) {
    compute(equation, state);
  } else if (equation.primitive === "scan") {
    splitScan(equation as Equation<"scan">, mask, state);
  } else if (equation.primitive === "switch") {
    splitSwitch(equation as Equation<"switch">, mask, state);
  } else if (equation.primitive === "checkpoint") {
    splitCheckpoint(equation as Equation<"checkpoint">, mask, state);
  } else {
    if (equation.primitive === "while") knownWhile(equation as Equation<"while">, mask, state);
    // Outputs that are known already must not be defined a second time.
    const outputs = equation.outputs.map((output) => (state.values.has(output) ? variable(output.type) : output));
    state.later.push({ ...equation, outputs });
    for (const output of outputs) state.unknown.add(output);
  }
}

function compute({ primitive, parameters, inputs, outputs }: Equation, { values }: State): void {
  emit(
    primitive,
    parameters,
    inputs.map((input) => read(input, values)),
  ).forEach((tensor, i) => {
    values.set(outputs[i] as Variable, tensor);
  });
}

function splitScan({ parameters, inputs, outputs }: Equation<"scan">, mask: readonly boolean[], state: State): void {
  const { body, constants, carry } = parameters;
  const [length, ...operands] = inputs as [Atom, ...Atom[]];
  const [fixed, , series] = cut(mask.slice(1), constants, carry) as [boolean[], boolean[], boolean[]];
  const { carried } = reachThroughLoop(body, constants, carry, mask.slice(1), unknowns);
  const unknownInputs = [...fixed, ...carried, ...series];
  const parts = split(body, unknownInputs, carried);
  const outer = where(complement(unknownInputs), operands).map((atom) => read(atom, state.values));
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
  const results = emit("scan", knownParameters, [read(length, state.values), ...outer]);
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
}

/** A switch of the known parts of the branches, and one of the others that reads what the first leaves. */
function splitSwitch(
  { parameters, inputs, outputs }: Equation<"switch">,
  mask: readonly boolean[],
  state: State,
): void {
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
  const values = [index, ...given].map((atom) => read(atom, state.values));
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
}

/**
 * The known outputs are computed; for the unknown ones the known part is computed again later, inside the checkpoint, so
 * that its known inputs are all that is kept.
 */
function splitCheckpoint(
  { parameters: { body }, inputs, outputs }: Equation<"checkpoint">,
  mask: readonly boolean[],
  state: State,
): void {
  const { known, unknown, unknownOutputs } = split(body, mask);
  const knownOutputs = where(complement(unknownOutputs), outputs);
  const now = arrange(known, known.inputs, known.outputs.slice(0, knownOutputs.length));
  const operands = where(complement(mask), inputs).map((atom) => read(atom, state.values));
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
}

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
      inputs.map((input) => read(input, values)),
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
  const operands = where(complement([...test, ...fixed, ...carried]), inputs).map((atom) => read(atom, state.values));
  const results = emit("while", known, operands);
  where(keep, outputs).forEach((output, i) => {
    state.values.set(output, results[i] as Tensor);
  });
}
