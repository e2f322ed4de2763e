/**
 * The programs of a record, read and held against it: each takes the parameters and its own arguments, and gives what a
 * model of these coordinates gives. Loops without a stated length are bounded.
 */
import {
  boundLoops,
  broadcastTo,
  type HostTensor,
  inline,
  leavesOf,
  type Program,
  type ProgramLimits,
  programCost,
  programFromJson,
  programLimits,
  sizeOf,
  type Tensor,
  type TensorType,
} from "@leastaction/tensor";
import { defineModel } from "./define-model.ts";
import { refuse } from "./json-form.ts";
import type { ModelDefinition } from "./model.ts";
import type { ModelRecord } from "./model-record.ts";
import { type ProgramPart, programParts, typeText } from "./program-parts.ts";
import { substepsFor } from "./rollout.ts";

/**
 * A definition whose functions are the programs of a record; its parameters are a flat list of tensors.
 * Errors: programs that are damaged, or beyond the limits.
 */
export function definitionOf(
  record: ModelRecord,
  limits: Partial<ProgramLimits> = {},
): ModelDefinition<readonly HostTensor[]> {
  const programs = programsOf(record, limits);
  const run = (part: ProgramPart, parameters: unknown, ...inputs: readonly (Tensor | null)[]): Tensor => {
    const given = [...leavesOf(parameters), ...inputs.filter((input) => input !== null)] as Tensor[];
    return inline(programs[part] as Program, given.map(symbolic))[0] as Tensor;
  };
  const optional = (part: "energy" | "momentum" | "dissipation") =>
    programs[part] === undefined
      ? {}
      : { [part]: (parameters: unknown, state: Tensor): Tensor => run(part, parameters, state) };
  return defineModel({
    name: record.name,
    summary: record.summary,
    kind: record.kind,
    promises: record.promises,
    cites: record.cites,
    init: (): readonly HostTensor[] => [],
    encode: (parameters, observation) => run("encode", parameters, observation),
    observe: (parameters, state) => run("observe", parameters, state),
    ...(programs.field === undefined
      ? { step: (parameters, state, dt, control) => run("step", parameters, state, dt, control) }
      : { field: (parameters, t, state, control) => run("field", parameters, t, state, control) }),
    ...optional("energy"),
    ...optional("momentum"),
    ...optional("dissipation"),
  });
}

/**
 * The programs of a record.
 * @param given limits of each program, and of the work of the law over one step of the data
 * Errors: programs that are damaged, missing, of other types than the record says, or beyond the limits.
 */
function programsOf(
  record: ModelRecord,
  given: Partial<ProgramLimits> = {},
): Partial<Readonly<Record<ProgramPart, Program>>> {
  const limits = { ...programLimits, ...given };
  const programs: Partial<Record<ProgramPart, Program>> = {};
  for (const [part, json] of Object.entries(record.programs)) {
    const known = programParts.find((name) => name === part) ?? refuse(programParts.join(", "), part, "a program");
    const program = programFromJson(json, limits);
    expectTypes(record, known, program);
    programs[known] = boundLoops(program, limits.turns);
  }
  const { encode, observe, field, step } = programs;
  if (encode === undefined || observe === undefined)
    refuse("encode and observe", Object.keys(programs).length, "programs");
  const law = field ?? step;
  if (law === undefined || (field !== undefined && step !== undefined))
    return refuse("either field or step", law === undefined ? "neither" : "both", "programs");
  const evaluations = field === undefined ? 1 : 4 * substepsFor(record.facts, record.facts.dt);
  const operations = evaluations * programCost(law, limits.turns).operations;
  if (!(operations <= limits.operations))
    refuse(`at most ${limits.operations} operations`, operations, "its law over one step of the data");
  return programs;
}

function expectTypes(record: ModelRecord, part: ProgramPart, { inputs, outputs }: Program): void {
  const { facts, stateSize } = record;
  const vector = (size: number): string => `float64[${size}]`;
  const control = facts.controls.length === 0 ? [] : [vector(facts.controls.length)];
  const observation = vector(2 * facts.coordinates.length);
  const state = vector(stateSize);
  const own: Readonly<Record<ProgramPart, readonly string[]>> = {
    encode: [observation],
    field: ["float64[]", state, ...control],
    step: [state, "float64[]", ...control],
    observe: [state],
    energy: [state],
    momentum: [state],
    dissipation: [state],
  };
  const wanted = [...record.parameters.map(typeText), ...own[part]].join(", ");
  const found = inputs.map(({ type }) => typeText(type)).join(", ");
  if (wanted !== found) refuse(`inputs ${wanted.slice(-200)}`, found.slice(-200), `programs.${part}`);
  const [result] = outputs;
  const given = { observe: observation, encode: state, field: state, step: state }[part as string];
  const suits =
    given === undefined
      ? part === "momentum" || isOne(result?.type)
      : result !== undefined && typeText(result.type) === given;
  if (outputs.length !== 1 || !suits)
    refuse(
      `one result ${given ?? "float64[]"}`,
      outputs
        .map(({ type }) => typeText(type))
        .join(", ")
        .slice(0, 200),
      `programs.${part}`,
    );
}

function isOne(type: TensorType | undefined): boolean {
  return type !== undefined && type.dtype === "float64" && sizeOf(type.shape) === 1;
}

function symbolic(leaf: Tensor | HostTensor): Tensor {
  return "data" in leaf ? broadcastTo(leaf, leaf.shape) : leaf;
}
