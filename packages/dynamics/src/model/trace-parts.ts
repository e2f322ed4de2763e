/**
 * The functions of a model as programs of one sample, traced once with given parameters.
 */
import { type Program, type Spec, type Tensor, TensorError, trace } from "@leastaction/tensor";
import type { AnyModel, DatasetFacts, ModelDefinition } from "./model.ts";
import type { ProgramPart } from "./program-parts.ts";

/** Those that the model has. */
export interface TracedParts {
  readonly programs: Partial<Readonly<Record<ProgramPart, Program>>>;
  /** Numbers of the state; it has one axis where the model is right. */
  readonly stateShape: readonly number[];
}

/** Errors: what goes wrong in a function of the model, with the name of both. */
export function traceParts(model: AnyModel, facts: DatasetFacts, parameters: unknown): TracedParts {
  const definition = model as unknown as ModelDefinition<unknown>;
  const scalar: Spec = { dtype: "float64", shape: [] };
  const observation: Spec = { dtype: "float64", shape: [2 * facts.coordinates.length] };
  const control: Spec[] = facts.controls.length === 0 ? [] : [{ dtype: "float64", shape: [facts.controls.length] }];
  const traced = (part: ProgramPart, f: (...inputs: never[]) => unknown, inputs: readonly Spec[]): Program =>
    inPart(model.name, part, () => trace(f, [parameters, ...inputs]).program);
  const encode = traced("encode", (tree: unknown, x: Tensor) => definition.encode?.(tree, x, facts) ?? x, [
    observation,
  ]);
  const stateShape = encode.outputs[0]?.type.shape ?? [];
  const state: Spec = { dtype: "float64", shape: stateShape };
  const { field, step, observe } = definition;
  const unary = (part: "energy" | "momentum" | "dissipation"): Partial<Record<ProgramPart, Program>> => {
    const f = definition[part];
    return f === undefined ? {} : { [part]: traced(part, (tree: unknown, x: Tensor) => f(tree, x, facts), [state]) };
  };
  const programs: Partial<Record<ProgramPart, Program>> = {
    encode,
    ...(field === undefined
      ? {}
      : {
          field: traced(
            "field",
            (tree: unknown, t: Tensor, x: Tensor, u?: Tensor) => field(tree, t, x, u ?? null, facts),
            [scalar, state, ...control],
          ),
        }),
    ...(step === undefined
      ? {}
      : {
          step: traced(
            "step",
            (tree: unknown, x: Tensor, dt: Tensor, u?: Tensor) => step(tree, x, dt, u ?? null, facts),
            [state, scalar, ...control],
          ),
        }),
    observe: traced("observe", (tree: unknown, x: Tensor) => observe?.(tree, x, facts) ?? x, [state]),
    ...unary("energy"),
    ...unary("momentum"),
    ...unary("dissipation"),
  };
  return { programs, stateShape };
}

/** What is thrown while a function of a model is traced says in which. */
export function inPart<T>(model: string, part: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof TensorError) error.message = `Cannot trace ${part} of ${model}: ${error.message}`;
    throw error;
  }
}
