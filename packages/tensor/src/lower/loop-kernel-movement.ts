/**
 * Which element of its operands each element of a result is, for the primitives that only move elements, and which sum
 * each element of an operand belongs to.
 */
import type { Reduction } from "../program/primitive.ts";
import type { Equation, Variable } from "../program/program.ts";
import { type Shape, sizeOf, stridesOf } from "../shape.ts";
import { constantForm, coordinate, type IndexMap } from "./affine.ts";
import { isAlias, isView, throughView } from "./views.ts";

/** Where an element comes from: operand and position there, row-major; or it is this number. */
export type Origin = { readonly operand: number; readonly at: number } | { readonly value: number };

/** The origins of all elements of the result, row-major; undefined for primitives that compute. */
export function originsOf(equation: Equation): readonly Origin[] | undefined {
  const [output] = equation.outputs as readonly [Variable];
  const { shape } = output.type;
  switch (equation.primitive) {
    case "iota": {
      const { axis } = (equation as Equation<"iota">).parameters;
      return positionsOf(shape).map((index) => ({ value: index[axis] as number }));
    }
    case "pad":
      return padded(equation as Equation<"pad">, shape);
    case "concatenate":
      return concatenated(equation as Equation<"concatenate">, shape);
    default:
      return isView(equation) ? viewed(equation, shape) : undefined;
  }
}

/** For each element of the operand of a reduction, the element of the result that it goes into. */
export function targetsOf(equation: Equation<Reduction>): readonly number[] {
  const shape = equation.inputs[0]?.type.shape ?? [];
  const { axes } = equation.parameters;
  const isKept = (_: unknown, axis: number): boolean => !axes.includes(axis);
  const strides = stridesOf(shape.filter(isKept));
  return positionsOf(shape).map((index) => linear(index.filter(isKept), strides));
}

function viewed(equation: Equation, shape: Shape): readonly Origin[] | undefined {
  const source = equation.inputs[0]?.type.shape ?? [];
  if (isAlias(equation)) return positionsOf(source).map((_, at) => ({ operand: 0, at }));
  const identity: IndexMap = shape.map((extent, axis) =>
    extent === 1 ? constantForm(shape.length, 0) : coordinate(shape.length, axis),
  );
  const map = throughView(equation, identity, shape);
  if (map === undefined) return undefined;
  const strides = stridesOf(source);
  return positionsOf(shape).map((index) => {
    const place = map.map(({ constant, coefficients }) => constant + linear(index, coefficients));
    return { operand: 0, at: linear(place, strides) };
  });
}

function padded({ parameters, inputs }: Equation<"pad">, shape: Shape): readonly Origin[] {
  const strides = stridesOf(shape);
  const result = new Array<Origin>(sizeOf(shape)).fill({ value: 0 });
  positionsOf(inputs[0]?.type.shape ?? []).forEach((index, at) => {
    const place = index.map(
      (i, axis) => (parameters.low[axis] as number) + i * (1 + (parameters.interior[axis] as number)),
    );
    result[linear(place, strides)] = { operand: 0, at };
  });
  return result;
}

function concatenated({ parameters: { axis }, inputs }: Equation<"concatenate">, shape: Shape): readonly Origin[] {
  const strides = stridesOf(shape);
  const result = new Array<Origin>(sizeOf(shape));
  let start = 0;
  inputs.forEach(({ type }, operand) => {
    positionsOf(type.shape).forEach((index, at) => {
      const place = index.map((i, each) => (each === axis ? i + start : i));
      result[linear(place, strides)] = { operand, at };
    });
    start += type.shape[axis] as number;
  });
  return result;
}

/** All indices of a shape in row-major order. */
function positionsOf(shape: Shape): readonly (readonly number[])[] {
  const strides = stridesOf(shape);
  return Array.from({ length: sizeOf(shape) }, (_, position) =>
    shape.map((extent, axis) => Math.floor(position / (strides[axis] as number)) % extent),
  );
}

function linear(index: readonly number[], strides: readonly number[]): number {
  return index.reduce((sum, i, axis) => sum + i * (strides[axis] as number), 0);
}
