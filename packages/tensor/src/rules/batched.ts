/**
 * The forms that batching rules have in common.
 */
import type { Parameters, PrimitiveName } from "../program/primitive.ts";
import { emit } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { BatchRule } from "./batch-rule.ts";
import { spreadOver } from "./spread-over.ts";

/** All operands with the batch in front. */
export const all = (inputs: readonly Tensor[], batched: readonly boolean[], size: number): Tensor[] =>
  inputs.map((input, i) => (batched[i] === true ? input : spreadOver(size, input)));

/** The same primitive on larger shapes. */
export const elementwise =
  <P extends PrimitiveName>(primitive: P): BatchRule<P> =>
  (parameters, inputs, batched, size) =>
    emit(primitive, parameters, all(inputs, batched, size));

/** One batched input; the parameters move over by one axis. */
export const shifted =
  <P extends PrimitiveName>(
    primitive: P,
    shift: (parameters: Parameters[P], size: number) => Parameters[P],
  ): BatchRule<P> =>
  (parameters, inputs, batched, size) =>
    emit(primitive, shift(parameters, size), all(inputs, batched, size));

/** Axes behind that of a batch. */
export const up = (axes: readonly number[]): number[] => axes.map((axis) => axis + 1);
