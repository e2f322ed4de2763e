/**
 * How each primitive that holds no program is added to a growing sketch. Primitives without a line of their own here are
 * used by the cases of the contract suite (`caseStep`), with operands that depend on what there is, so that a new one is
 * part of random programs from the moment it has a case.
 */
import { type DType, isFloat } from "../../dtype.ts";
import {
  bitBinaries,
  comparisons,
  floatUnaries,
  numericBinaries,
  numericUnaries,
  type PrimitiveName,
  reductions,
  shifts,
} from "../../program/primitive.ts";
import { sizeOf } from "../../shape.ts";
import { array } from "../../trace/tensor.ts";
import { primitiveCases } from "../primitive-cases.ts";
import { below, chance, pick } from "./draw.ts";
import type { Growth } from "./growth.ts";
import { caseOf, type Plain } from "./sketch.ts";

/** Adds some steps; null or a number that nobody needs. */
export type Grow = (growth: Growth) => unknown;

const isNumeric = ({ dtype }: { readonly dtype: DType }): boolean => dtype !== "bool";
const isInteger = ({ dtype }: { readonly dtype: DType }): boolean => dtype === "int32" || dtype === "uint32";

const integer = (growth: Growth): number =>
  growth.some(isInteger) ??
  growth.random({ dtype: pick(growth.draw, ["int32", "uint32"]), shape: [pick(growth.draw, extents)] });
const numeric = (growth: Growth): number => (chance(growth.draw, 0.8) ? growth.float() : integer(growth));
const any = (growth: Growth): number => growth.some(() => true) as number;
/** One with axes. */
const array1 = (growth: Growth, fits: (type: { readonly dtype: DType }) => boolean = () => true): number | null =>
  growth.some((type) => type.shape.length > 0 && fits(type));

/** Extents of new axes. */
export const extents: readonly number[] = [1, 2, 3, 4, 5, 8, 9];

/** |x| + 0.3, where x is not above 0.3 already. */
function positive(growth: Growth, x: number): number | null {
  if (growth.value(x).data.every((value: number) => value > 0.3)) return x;
  const type = growth.type(x);
  const absolute = growth.plain("abs", {}, x);
  const least = growth.constant(
    array(
      Array.from({ length: sizeOf(type.shape) }, () => 0.3),
      type.shape,
      type.dtype,
    ),
  );
  return absolute === null ? null : growth.plain("add", {}, absolute, least);
}

const unary =
  (primitive: Plain): Grow =>
  (growth) => {
    const x = growth.float();
    const domain = primitive === "sqrt" || primitive === "log" || primitive === "log1p" ? positive(growth, x) : x;
    return domain === null ? null : growth.plain(primitive, {}, domain);
  };

const numericUnary =
  (primitive: Plain): Grow =>
  (growth) =>
    growth.plain(primitive, {}, numeric(growth));

const binary =
  (primitive: Plain, operand: (growth: Growth) => number = numeric): Grow =>
  (growth) => {
    const x = operand(growth);
    const other = growth.partner(x);
    const divides = (primitive === "div" || primitive === "rem") && isFloat(growth.type(x).dtype);
    const y = divides ? positive(growth, other) : other;
    return y === null ? null : growth.plain(primitive, {}, x, y);
  };

const reduction =
  (primitive: Plain): Grow =>
  (growth) => {
    const x = growth.some((type) => type.shape.length > 0 && isNumeric(type));
    if (x === null) return null;
    const axes = growth.value(x).shape.map((_, axis) => axis);
    return growth.plain(primitive, { axes: chance(growth.draw, 0.3) ? axes : [pick(growth.draw, axes)] }, x);
  };

/** One row for each of a list of primitives. */
const rows = <P extends Plain>(primitives: readonly P[], row: (primitive: P) => Grow): Partial<Record<P, Grow>> =>
  Object.fromEntries(primitives.map((primitive) => [primitive, row(primitive)])) as Partial<Record<P, Grow>>;

const words = (growth: Growth, shape: readonly number[]): number => growth.ofType({ dtype: "uint32", shape });

function axisOf(growth: Growth, x: number): number {
  return below(growth.draw, growth.value(x).shape.length);
}

/** The rows of primitives whose operands and parameters are drawn here. */
const drawn: Partial<Record<Plain, Grow>> = {
  ...rows(floatUnaries, unary),
  ...rows(numericUnaries, numericUnary),
  ...rows(numericBinaries, binary),
  ...rows(comparisons, (primitive) => binary(primitive, any)),
  ...rows(bitBinaries, (primitive) =>
    binary(primitive, (growth) => growth.some(({ dtype }) => !isFloat(dtype)) ?? integer(growth)),
  ),
  ...rows(shifts, (primitive) => binary(primitive, integer)),
  ...rows(reductions, reduction),
  not: (growth) => growth.plain("not", {}, growth.some(({ dtype }) => !isFloat(dtype)) ?? integer(growth)),
  pow: (growth) => {
    const x = growth.float();
    const base = positive(growth, x);
    return base === null ? null : growth.plain("pow", {}, base, growth.partner(x));
  },
  select: (growth) => {
    const x = any(growth);
    const { shape } = growth.type(x);
    return growth.plain("select", {}, growth.ofType({ dtype: "bool", shape }), x, growth.partner(x));
  },
  convert: (growth) => {
    const { settings, draw } = growth;
    const floats: readonly DType[] = settings.smooth ? ["float64"] : ["float32", "float64"];
    const dtype = chance(draw, 0.6) ? pick(draw, floats) : pick(draw, ["int32", "uint32", "bool"] as const);
    return growth.plain("convert", { dtype }, any(growth));
  },
  threefry: (growth) => {
    const { shape } = growth.type(any(growth));
    const inputs = [0, 1, 2, 3].map(() => words(growth, shape));
    return growth.attempt({ kind: "plain", primitive: "threefry", parameters: {}, inputs });
  },
  stopGradient: (growth) => (growth.settings.smooth ? null : growth.plain("stopGradient", {}, any(growth))),
  allSum: (growth) => growth.plain("allSum", {}, numeric(growth)),
  iota: (growth) => {
    const { shape } = growth.type(array1(growth) ?? growth.random({ dtype: "float64", shape: [3] }));
    const dtype = pick(growth.draw, [growth.settings.dtype, "int32", "uint32"] as const);
    return growth.plain("iota", { dtype, shape, axis: below(growth.draw, shape.length) });
  },
  broadcast: (growth) => {
    const x = any(growth);
    const { shape } = growth.type(x);
    const at = below(growth.draw, shape.length + 1);
    const grown = [...shape.slice(0, at), pick(growth.draw, extents), ...shape.slice(at)].map((extent) =>
      extent === 1 && chance(growth.draw, 0.5) ? pick(growth.draw, extents) : extent,
    );
    return growth.plain("broadcast", { shape: grown, axes: shape.map((_, axis) => (axis < at ? axis : axis + 1)) }, x);
  },
  reshape: (growth) => {
    const x = any(growth);
    const size = sizeOf(growth.type(x).shape);
    const first = pick(
      growth.draw,
      [1, 2, 3, 4, 5, 8, 9].filter((n) => size % n === 0),
    );
    return growth.plain("reshape", { shape: chance(growth.draw, 0.3) ? [size] : [first, size / first] }, x);
  },
  transpose: (growth) => {
    const x = array1(growth);
    if (x === null) return null;
    const axes = growth.type(x).shape.map((_, axis) => axis);
    const turn = below(growth.draw, axes.length);
    const permutation = [...axes.slice(turn), ...axes.slice(0, turn)];
    return growth.plain(
      "transpose",
      { permutation: chance(growth.draw, 0.5) ? permutation.reverse() : permutation },
      x,
    );
  },
  reverse: (growth) => {
    const x = array1(growth);
    return x === null ? null : growth.plain("reverse", { axes: [axisOf(growth, x)] }, x);
  },
  slice: (growth) => {
    const x = array1(growth);
    if (x === null) return null;
    const { shape } = growth.type(x);
    const start = shape.map((extent) => (chance(growth.draw, 0.5) ? 0 : below(growth.draw, extent)));
    const limit = shape.map((extent, i) => extent - below(growth.draw, Math.min(2, extent - (start[i] as number))));
    return growth.plain("slice", { start, limit, stride: shape.map(() => 1 + below(growth.draw, 2)) }, x);
  },
  pad: (growth) => {
    const x = array1(growth, isNumeric);
    if (x === null) return null;
    const some = (): number[] =>
      growth.type(x).shape.map(() => (chance(growth.draw, 0.6) ? 0 : 1 + below(growth.draw, 2)));
    return growth.plain("pad", { low: some(), high: some(), interior: some() }, x);
  },
  concatenate: (growth) => {
    const x = array1(growth);
    if (x === null) return null;
    const axis = axisOf(growth, x);
    return growth.plain("concatenate", { axis }, x, growth.partner(x), ...(chance(growth.draw, 0.3) ? [x] : []));
  },
  dot,
  gather: (growth) => {
    const x = array1(growth);
    if (x === null) return null;
    const { shape } = growth.type(x);
    const batch = shape.length > 1 && chance(growth.draw, 0.4) ? 1 : 0;
    const indices = indexOf(growth, [...shape.slice(0, batch), 1 + below(growth.draw, 4)], shape[batch] as number);
    return growth.plain("gather", { batch }, x, indices);
  },
  scatterAdd: (growth) => {
    const x = array1(growth, isNumeric);
    if (x === null) return null;
    const { shape } = growth.type(x);
    const rank = 1 + below(growth.draw, Math.min(2, shape.length));
    const batch = below(growth.draw, rank);
    const size = 1 + below(growth.draw, 4);
    return growth.plain("scatterAdd", { batch, size }, x, indexOf(growth, shape.slice(0, rank), size));
  },
};

/** Indices, some of them out of range. */
function indexOf(growth: Growth, shape: readonly number[], size: number): number {
  const known = growth.some((type) => type.dtype === "int32" && type.shape.join() === shape.join());
  if (known !== null && chance(growth.draw, 0.5)) return known;
  return growth.constant(
    array(
      Array.from({ length: sizeOf(shape) }, () => below(growth.draw, size + 2) - 1),
      shape,
      "int32",
    ),
  );
}

function dot(growth: Growth): unknown {
  const { draw } = growth;
  const x = growth.some((type) => type.shape.length > 0 && isNumeric(type));
  if (x === null) return null;
  const left = growth.type(x);
  const axis = axisOf(growth, x);
  const y = growth.some(({ dtype, shape }) => dtype === left.dtype && shape.includes(left.shape[axis] as number)) ?? x;
  const right = growth.type(y);
  const other = right.shape.indexOf(left.shape[axis] as number);
  // Further axes of the same extent run along, or are summed too.
  const batch: [number[], number[]] = [[], []];
  const contract: [number[], number[]] = [[axis], [other]];
  left.shape.forEach((extent, i) => {
    const match = right.shape.findIndex((n, k) => n === extent && ![...contract[1], ...batch[1]].includes(k));
    if (i === axis || match < 0 || chance(draw, 0.4)) return;
    const list = chance(draw, 0.6) ? batch : contract;
    list[0].push(i);
    list[1].push(match);
  });
  return growth.plain("dot", { contract: chance(draw, 0.1) && batch[0].length > 0 ? [[], []] : contract, batch }, x, y);
}

/** A use of a primitive by one of its cases: the case's operands, moved a little by what there is. */
export function caseStep(growth: Growth, primitive: PrimitiveName): unknown {
  const { draw, settings } = growth;
  const index = below(draw, primitiveCases[primitive].length);
  const item = caseOf({ primitive, index });
  if (settings.reversible && item.forwardOnly === true) return null;
  if (settings.smooth && item.derivativeIsZero === true) return null;
  const inputs = item.inputs.map((input) => {
    const given = growth.constant(input);
    if (!isFloat(input.dtype)) return given;
    const type = { dtype: input.dtype, shape: input.shape };
    const small = growth.constant(
      array(
        Array.from(input.data, () => 0.04),
        input.shape,
      ),
    );
    const by = growth.plain("sin", {}, growth.ofType(type));
    const scaled = by === null ? null : growth.plain("mul", {}, by, small);
    return scaled === null ? given : (growth.plain("add", {}, given, scaled) ?? given);
  });
  return growth.attempt({ kind: "case", primitive, index, inputs });
}

/** Adds a use of a primitive. */
export function plainStep(growth: Growth, primitive: Plain): unknown {
  const own = drawn[primitive];
  return own === undefined || chance(growth.draw, 0.03) ? caseStep(growth, primitive) : own(growth);
}

/** Primitives without a row of their own. */
export const isDrawn = (primitive: string): boolean => Object.hasOwn(drawn, primitive);
