/**
 * Views: primitives whose result is their input read in another order. Each row turns the index map of the result into
 * the index map of the input; lowering composes them into loads and never runs them.
 */

import type { Parameters } from "../program/primitive.ts";
import type { Equation, Variable } from "../program/program.ts";
import { sizeOf } from "../shape.ts";
import { constantForm, type IndexMap, linearOffset, scaled, splitOffset } from "./affine.ts";

type View = "broadcast" | "reshape" | "transpose" | "reverse" | "slice" | "stopGradient" | "allSum";

type Row<P extends View> = (
  parameters: Parameters[P],
  map: IndexMap,
  input: readonly number[],
  domain: readonly number[],
  output: readonly number[],
) => IndexMap | undefined;

const same = (_: unknown, map: IndexMap): IndexMap => map;

const rows: { readonly [P in View]: Row<P> } = {
  broadcast: ({ axes }, map, input, domain) =>
    axes.map((axis, i) => (input[i] === 1 ? constantForm(domain.length, 0) : at(map, axis))),
  reshape: (_, map, input, domain, output) =>
    regrouped(map, input, domain, output) ?? splitOffset(linearOffset(map, output, domain.length), input, domain),
  transpose: ({ permutation }, map) => {
    const result = [...map];
    permutation.forEach((axis, i) => {
      result[axis] = at(map, i);
    });
    return result;
  },
  reverse: ({ axes }, map, input) =>
    map.map((form, axis) => (axes.includes(axis) ? scaled(form, -1, at(input, axis) - 1) : form)),
  slice: ({ start, stride }, map) => map.map((form, axis) => scaled(form, at(stride, axis), at(start, axis))),
  stopGradient: same,
  allSum: same,
};

/** Whether an equation is a view. */
export function isView(equation: Equation): boolean {
  return Object.hasOwn(rows, equation.primitive);
}

/** Whether a view keeps the row-major order, so that it can share the memory of its input as it is. */
export function isAlias(equation: Equation): boolean {
  return equation.primitive === "reshape" || equation.primitive === "stopGradient" || equation.primitive === "allSum";
}

/** The index map of a view's input from that of its result; undefined where it has none (see `splitOffset`). */
export function throughView(equation: Equation, map: IndexMap, domain: readonly number[]): IndexMap | undefined {
  const row = rows[equation.primitive as View] as Row<View>;
  const [input] = equation.inputs;
  const [output] = equation.outputs as readonly [Variable];
  const shape = input?.type.shape ?? [];
  return row(equation.parameters as never, map, shape, domain, output.type.shape);
}

/** A reshape that only drops or inserts axes of extent 1 keeps the forms of all others. */
function regrouped(
  map: IndexMap,
  input: readonly number[],
  domain: readonly number[],
  output: readonly number[],
): IndexMap | undefined {
  const kept = map.filter((_, axis) => output[axis] !== 1);
  const extents = output.filter((extent) => extent !== 1);
  const wanted = input.filter((extent) => extent !== 1);
  if (sizeOf(output) === 0 || wanted.length !== extents.length || wanted.some((extent, i) => extent !== extents[i]))
    return undefined;
  let next = 0;
  return input.map((extent) => (extent === 1 ? constantForm(domain.length, 0) : at(kept, next++)));
}

function at<T>(list: readonly T[], index: number): T {
  return list[index] as T;
}
