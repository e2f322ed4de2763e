/**
 * Batching of equations that hold a program and no loop: the program for all members. Derivatives and transposes that
 * are made on demand are batched on demand.
 */
import { sum } from "../ops/reduction.ts";
import { where } from "../program/arrange.ts";
import type { CustomDerivative, Program } from "../program/primitive.ts";
import { build, emit, inline } from "../trace/builder.ts";
import type { BatchRule, BatchTransform } from "./batch-rule.ts";

/** The rule of `checkpoint`. */
export const checkpointBatch: BatchRule<"checkpoint"> = ({ body }, inputs, batched, size, transform) =>
  emit("checkpoint", { body: allBatched(body, batched, size, transform) }, inputs);

/** The rule of `custom`. */
export const customBatch: BatchRule<"custom"> = (parameters, inputs, batched, size, transform) => {
  const { body, derivative } = parameters;
  const together = { ...parameters, body: allBatched(body, batched, size, transform) };
  if (derivative === undefined) return emit("custom", together, inputs);
  const all = body.outputs.map(() => true);
  const ofMembers: CustomDerivative = (nonzero) => {
    const one = derivative(nonzero);
    const mask = [...batched, ...all, ...where(nonzero, batched)];
    return { program: allBatched(one.program, mask, size, transform), nonzero: one.nonzero };
  };
  return emit("custom", { ...together, derivative: ofMembers }, inputs);
};

/** The rule of `linear`: what all members share gets the sum of their cotangents. */
export const linearBatch: BatchRule<"linear"> = (parameters, inputs, batched, size, transform) => {
  const { body, transposed, residuals, ...rest } = parameters;
  const ofMembers = (): Program => {
    const one = typeof transposed === "function" ? transposed() : transposed;
    const cotangents = body.outputs.map(() => true);
    const together = allBatched(one, [...batched.slice(0, residuals), ...cotangents], size, transform);
    return build(
      together.inputs.map(({ type }) => type),
      (tensors) => {
        const found = inline(together, tensors);
        return found.map((cotangent, i) => (batched[residuals + i] === true ? cotangent : sum(cotangent, [0])));
      },
    ).program;
  };
  const together = { ...rest, body: allBatched(body, batched, size, transform), transposed: ofMembers, residuals };
  return emit("linear", together, inputs);
};

function allBatched(program: Program, batched: readonly boolean[], size: number, transform: BatchTransform): Program {
  const forced = program.outputs.map(() => true);
  return transform(program, batched, size, forced).program;
}
