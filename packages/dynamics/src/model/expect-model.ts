/**
 * A model of the user's held against the data before anything is trained: what would otherwise come out after the
 * training, or not at all, because numbers are broadcast.
 */
import { type Program, type Spec, sizeOf, type Tensor, TensorError, type TensorType, trace } from "@leastaction/tensor";
import type { Dataset } from "../data/dataset.ts";
import { constantRows } from "./constant-rows.ts";
import { type ParameterLeaf, parameterLeaves } from "./flat-parameters.ts";
import type { AnyModel, DatasetFacts, ModelDefinition, Samples } from "./model.ts";
import { type ProgramPart, typeText } from "./program-parts.ts";
import { inPart, traceParts } from "./trace-parts.ts";

/** What a model is fitted to. */
export interface ModelData {
  readonly facts: DatasetFacts;
  readonly samples: Samples;
  readonly dataset: Pick<Dataset, "coordinates" | "controls">;
}

/**
 * Errors: parameters that are no tensors, not finite, or none to fit; a function whose result has another shape or type than
 * the interface says; constants that are not as many as their rows; names of parameters that there are not.
 */
export function expectModel(model: AnyModel, data: ModelData): void {
  const { facts, samples } = data;
  const parameters = model.init(0, facts, samples);
  const leaves = leavesOrError(model, parameters);
  for (const { name, value } of leaves) {
    if (!value.data.every((number) => Number.isFinite(Number(number))))
      cannot(model, `finite numbers of init at ${name}`, "others", "Begin with numbers of the order of one.");
  }
  if (model.trainable !== false && !leaves.some(({ trainable }) => trainable))
    cannot(model, "numbers of init to fit", "none", "Give some, or say trainable: false.");
  expectNames(model, parameters);
  expectResults(model, facts, parameters);
  expectConstants(model, data, parameters);
}

function cannot({ name }: AnyModel, expected: string, found: string, remedy: string): never {
  throw new TensorError(`Cannot fit ${name}: expected ${expected}, got ${found}`, remedy);
}

function leavesOrError(model: AnyModel, parameters: unknown): readonly ParameterLeaf[] {
  const isTree = typeof parameters === "object" && parameters !== null;
  if (!isTree) return cannot(model, "init to return tensors", String(parameters), "Return { k: array(1) }.");
  const leaves = parameterLeaves(parameters, model.frozen);
  const other = leaves.find(({ value: { dtype } }) => dtype.startsWith("float") && dtype !== "float64");
  if (other === undefined) return leaves;
  return cannot(model, `float64 of init at ${other.name}`, other.value.dtype, "Make it with array(…).");
}

/** Top-level names of parameters that the record speaks of. */
function expectNames(model: AnyModel, parameters: unknown): void {
  const known = Object.keys(parameters as object);
  const named = { frozen: model.frozen, trainingOnly: model.trainingOnly, bounds: Object.keys(model.bounds ?? {}) };
  for (const [field, names = []] of Object.entries(named)) {
    const strange = names.find((name) => !known.includes(name));
    if (strange !== undefined)
      cannot(model, `parameters of init in ${field}`, strange, `They are ${known.join(", ")}.`);
  }
}

function expectResults(model: AnyModel, facts: DatasetFacts, parameters: unknown): void {
  const { programs, stateShape } = traceParts(model, facts, parameters);
  const [d, observed] = [facts.coordinates.length, 2 * facts.coordinates.length];
  if (stateShape.length !== 1) expectResult(model, "encode", programs.encode, null);
  const shapes: Readonly<Record<ProgramPart, readonly number[]>> = {
    encode: stateShape,
    field: stateShape,
    step: stateShape,
    observe: [observed],
    energy: [],
    momentum: [d],
    dissipation: [],
  };
  for (const [part, shape] of Object.entries(shapes) as [ProgramPart, readonly number[]][])
    expectResult(model, part, programs[part], shape);
}

/** One tensor of this shape; any vector for null. One number may have any shape of one element. */
function expectResult(
  model: AnyModel,
  part: ProgramPart,
  program: Program | undefined,
  shape: readonly number[] | null,
): void {
  if (program === undefined) return;
  const types = program.outputs.map(({ type }) => type);
  const suits = ({ dtype, shape: found }: TensorType): boolean =>
    dtype === "float64" &&
    (shape === null
      ? found.length === 1
      : shape.length === 0
        ? sizeOf(found) === 1
        : found.length === 1 && found[0] === shape[0]);
  if (types.length === 1 && types.every(suits)) return;
  const wanted = shape === null ? "a vector" : shape.length === 0 ? "one number" : `float64[${shape.join(", ")}]`;
  cannot(
    model,
    `${part} to return ${wanted}`,
    types.map(typeText).join(" and ") || "nothing",
    "field returns d state / dt and step the state dt later, both as long as the state; observe [positions…, velocities…]; momentum a number for each coordinate, energy and dissipation one.",
  );
}

function expectConstants(model: AnyModel, { facts, dataset }: ModelData, parameters: unknown): void {
  const { constants, constantsOf } = model as unknown as ModelDefinition<unknown>;
  if (constants === undefined && constantsOf === undefined) return;
  if (constants === undefined || constantsOf === undefined) {
    const missing = constants === undefined ? "constants" : "constantsOf";
    cannot(model, "both constants and constantsOf", `no ${missing}`, "Give one row for each number.");
  }
  const far = constants.find(({ of = 0 }) => of >= facts.coordinates.length);
  if (far !== undefined)
    cannot(
      model,
      `a coordinate from 0 to ${facts.coordinates.length - 1} in ${far.name}`,
      String(far.of),
      "Correct of.",
    );
  const { program } = inPart(model.name, "constantsOf", () =>
    trace((tree: unknown): Tensor => constantsOf(tree, facts), [parameters as Spec]),
  );
  const rows = constantRows(constants, dataset.coordinates, dataset.controls).length;
  const [result] = program.outputs;
  if (program.outputs.length === 1 && result?.type.shape.length === 1 && result.type.shape[0] === rows) return;
  const found = program.outputs.map(({ type }) => typeText(type)).join(" and ");
  cannot(model, `constantsOf to return float64[${rows}], a number for each row`, found, "Return stack([…]) of them.");
}
