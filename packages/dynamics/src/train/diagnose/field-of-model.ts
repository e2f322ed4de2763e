/**
 * A trained model as a second-order field x'' = f(t, x, v) in SI, without control.
 */
import { concatenate, convert, full, leavesOf, slice, type Tensor, TensorError } from "@leastaction/tensor";
import type { SecondOrderField } from "../../diagnostic/helmholtz/second-order-field.ts";
import type { ModelDefinition } from "../../model/model.ts";
import { definitionOf } from "../../model/record-programs.ts";
import type { TrainedModel } from "../../model/trained-model.ts";

/** What is built into a model that has an energy; null for one that is free. */
export function structureOf({ record }: Pick<TrainedModel, "record">): string | null {
  return "energy" in record.programs ? record.name : null;
}

/**
 * The accelerations of a trained model; computed in float64, whatever they are asked in.
 * @throws TensorError for a model that steps, or whose state is not what is observed
 */
export function fieldOfModel({ record, parameters }: Pick<TrainedModel, "record" | "parameters">): SecondOrderField {
  const n = record.facts.coordinates.length;
  if (!("field" in record.programs) || record.stateSize !== 2 * n) {
    throw new TensorError(
      `Cannot diagnose the model ${record.name}: expected accelerations from positions and velocities, got ${"field" in record.programs ? "a state of its own" : "a model that steps"}`,
      "Diagnose the data instead, or fit a model with a field: --model neural-ode.",
    );
  }
  const { field } = definitionOf(record) as Required<ModelDefinition<unknown>>;
  const values = leavesOf(record.parameters.map(({ name }) => parameters[name] as never));
  const control = record.facts.controls.length === 0 ? null : full([record.facts.controls.length], 0);
  return (t, x, v) => {
    const state = convert(concatenate([x, v]), "float64");
    const rates = field(values, convert(t, "float64"), state, control as Tensor | null, record.facts);
    return convert(slice(rates, 0, n), x.dtype);
  };
}
