/**
 * The transpose of a linear loop: the loop run backwards, with the cotangents of the carry as its carry. Cotangents of
 * linear constants accumulate in the carry, so that lowering can add to them in place.
 */

import { add } from "../ops/elementwise.ts";
import { complement, cut, where } from "../program/arrange.ts";
import type { Program, TensorType, Variable } from "../program/program.ts";
import { build, emit, inline } from "../trace/builder.ts";
import { full, type Tensor } from "../trace/tensor.ts";
import type { TransposeRule } from "./transpose-rule.ts";

const zerosOf = ({ shape, dtype }: TensorType): Tensor => full(shape, 0, dtype);
const count = (mask: readonly boolean[]): number => mask.filter(Boolean).length;

/** The rule of `scan`; the whole carry must be linear, which `split` sees to. */
export const scanTranspose: TransposeRule<"scan"> = (parameters, cotangents, [length, ...operands], transform) => {
  const { body, constants, carry, bound, reverse } = parameters;
  // A carry that starts from a known value (a tangent of zero) is as linear as the others; only its start gets nothing.
  const unknown = operands.map(({ value }, i) => value === null || (i >= constants && i < constants + carry));
  const [fixed, , series] = cut(unknown, constants, carry) as [boolean[], boolean[], boolean[]];
  const types = operands.map(({ type }) => type);
  const outputs = body.outputs.map(({ type }) => type);
  const linear = body.inputs.map((_, i) => unknown[i] === true);
  const transposed = transform(body, linear);
  const newBody = accumulate(body, transposed, fixed, series, carry);
  const given = cotangents.map(
    (cotangent, i) => cotangent ?? stackedZeros(outputs[i] as TensorType, i < carry ? null : bound),
  );
  const accumulators = where(fixed, types.slice(0, constants)).map(zerosOf);
  const values = operands.map(({ value }) => value);
  const known = where(complement(unknown), values) as Tensor[];
  const knownConstants = count(complement(fixed));
  const results = emit(
    "scan",
    { body: newBody, constants: knownConstants, carry: accumulators.length + carry, bound, reverse: !reverse },
    [
      length?.value as Tensor,
      ...known.slice(0, knownConstants),
      ...accumulators,
      ...given.slice(0, carry),
      ...known.slice(knownConstants),
      ...given.slice(carry),
    ],
  );
  let next = 0;
  const found = unknown.map((flag) => (flag ? (results[next++] as Tensor) : null));
  return [null, ...found.map((cotangent, i) => (values[i] === null ? cotangent : null))];
};

function stackedZeros({ dtype, shape }: TensorType, bound: number | null): Tensor {
  return full(bound === null ? shape : [bound, ...shape], 0, dtype);
}

/**
 * The body of the backward loop: (known constants, accumulators, cotangents of the carry, known slices, cotangents of
 * the results) to (accumulators, cotangents of the carry, cotangents of the linear slices).
 */
function accumulate(
  body: Program,
  transposed: Program,
  fixed: readonly boolean[],
  series: readonly boolean[],
  carry: number,
): Program {
  const typesOf = (variables: readonly Variable[]): TensorType[] => variables.map(({ type }) => type);
  const [constants, , slices] = cut(body.inputs, fixed.length, carry) as [Variable[], Variable[], Variable[]];
  const known = typesOf(where(complement(fixed), constants));
  const sums = typesOf(where(fixed, constants));
  const results = body.outputs.map(({ type }) => type);
  const knownSlices = typesOf(where(complement(series), slices));
  const types = [...known, ...sums, ...results.slice(0, carry), ...knownSlices, ...results.slice(carry)];
  return build(types, (tensors) => {
    const parts = cut(tensors, known.length, sums.length, carry, knownSlices.length) as [
      Tensor[],
      Tensor[],
      Tensor[],
      Tensor[],
      Tensor[],
    ];
    const [values, totals, carried, sliceValues, resultCotangents] = parts;
    const found = inline(transposed, [...values, ...sliceValues, ...carried, ...resultCotangents]);
    return [...totals.map((total, i) => add(total, found[i] as Tensor)), ...found.slice(totals.length)];
  }).program;
}
