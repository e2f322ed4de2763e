/**
 * Transposes of equations that hold a program and no loop: `checkpoint`, `linear`.
 */
import type { TensorType } from "../program/program.ts";
import { emit } from "../trace/builder.ts";
import { full, type Tensor } from "../trace/tensor.ts";
import type { Operand, TransposeRule } from "./transpose-rule.ts";

const filled = (cotangents: readonly (Tensor | null)[], outputs: readonly { readonly type: TensorType }[]): Tensor[] =>
  outputs.map(({ type }, i) => cotangents[i] ?? full(type.shape, 0, type.dtype));

/** The checkpoint of the transpose, which computes what it needs of the known part again. */
export const checkpointTranspose: TransposeRule<"checkpoint"> = ({ body }, cotangents, inputs, transform) => {
  const unknown = inputs.map(({ value }) => value === null);
  const known = inputs.flatMap(({ value }) => (value === null ? [] : [value]));
  const found = emit("checkpoint", { body: transform(body, unknown) }, [...known, ...filled(cotangents, body.outputs)]);
  let next = 0;
  return unknown.map((flag) => (flag ? (found[next++] as Tensor) : null));
};

/** The given transpose, whose transpose is the original, or is derived where that must not run. */
export const linearTranspose: TransposeRule<"linear"> = (parameters, cotangents, inputs, transform) => {
  const { body, transposed, residuals } = parameters;
  const program = typeof transposed === "function" ? transposed() : transposed;
  const isLinear = program.inputs.map((_, i) => i >= residuals);
  const back = parameters.onlyTransposed === true ? () => transform(program, isLinear) : body;
  const fixed = inputs.slice(0, residuals).map(({ value }) => value as Tensor);
  const found = emit("linear", { body: program, transposed: back, residuals }, [
    ...fixed,
    ...filled(cotangents, body.outputs),
  ]);
  const moving = inputs.slice(residuals) as readonly Operand[];
  return [...fixed.map(() => null), ...moving.map(({ value }, i) => (value === null ? (found[i] as Tensor) : null))];
};
