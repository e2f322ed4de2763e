/**
 * Shape rules: the types of an equation's outputs from those of its inputs. This is also the law that the checker
 * enforces, so every rule states all that a primitive demands. Broadcasting and literals are resolved before, in ops/.
 */
import { type DType, isFloat } from "../dtype.ts";
import { type Shape, sameShape, showShape, sizeOf } from "../shape.ts";
import type { CorePrimitive, Parameters, PrimitiveName } from "./primitive.ts";
import type { TensorType } from "./program.ts";
import {
  convertRemedy,
  floatUnary,
  isNumeric,
  loadedShapeRules,
  numericBinary,
  only,
  refuse,
  type ShapeRule,
  type ShapeRules,
  same,
  showType,
} from "./shape-rule.ts";
import { expectCount, expectTypes } from "./shapes-of-bodies.ts";
import { isOfDialect } from "./table.ts";

export { showType } from "./shape-rule.ts";

/** The types of the results. Errors: anything that the primitive does not allow, with expected and found. */
export function infer<P extends PrimitiveName>(
  primitive: P,
  parameters: Parameters[P],
  inputs: readonly TensorType[],
): TensorType[] {
  const rule = (coreRules as Partial<ShapeRules>)[primitive] ?? loadedShapeRules.find(primitive);
  return rule(parameters, inputs);
}

/** Whether a name, perhaps from a file, is that of a primitive. */
export function isPrimitive(name: unknown): name is PrimitiveName {
  return typeof name === "string" && (Object.hasOwn(coreRules, name) || isOfDialect(name));
}

const isInteger = (dtype: DType): boolean => dtype === "int32" || dtype === "uint32";

const numericUnary = (primitive: string) => same(primitive, 1, isNumeric, "numeric");
const bitBinary = (primitive: string) => same(primitive, 2, (dtype) => !isFloat(dtype), "integer or bool");
const shift = (primitive: string) => same(primitive, 2, isInteger, "integer");
const comparison = (primitive: string) => {
  const operands = same(primitive, 2, () => true, "element");
  return (none: unknown, inputs: readonly TensorType[]): TensorType[] =>
    operands(none, inputs).map(({ shape }) => ({ dtype: "bool", shape }));
};

const reduction =
  (primitive: string) =>
  (parameters: { readonly axes: readonly number[] }, inputs: readonly TensorType[]): TensorType[] => {
    const x = only(primitive, inputs);
    const { axes } = parameters;
    if (!isNumeric(x.dtype)) refuse(primitive, "a numeric type", inputs, convertRemedy);
    checkAxes(primitive, axes, x);
    return [{ dtype: x.dtype, shape: x.shape.filter((_, axis) => !axes.includes(axis)) }];
  };

function checkAxes(primitive: string, axes: readonly number[], type: TensorType): void {
  const valid = axes.every(
    (axis, i) => Number.isInteger(axis) && axis >= 0 && axis < type.shape.length && axes.indexOf(axis) === i,
  );
  if (!valid) refuse(primitive, `distinct axes of ${showType(type)}`, `axes ${showShape(axes)}`, "Axes count from 0.");
}

function checkLists(primitive: string, type: TensorType, lists: readonly (readonly number[])[]): void {
  const valid = lists.every(
    (list) => list.length === type.shape.length && list.every((n) => Number.isInteger(n) && n >= 0),
  );
  if (!valid)
    refuse(
      primitive,
      `one non-negative integer for each axis of ${showType(type)}`,
      lists.map(showShape).join(" "),
      "Give one number per axis.",
    );
}

const addAt: ShapeRule<"addAt"> = ({ batch }, inputs) => {
  const [operand, updates, indices] = inputs;
  const valid =
    inputs.length === 3 &&
    operand !== undefined &&
    updates !== undefined &&
    indices?.dtype === "int32" &&
    operand.dtype !== "bool" &&
    operand.dtype === updates.dtype &&
    (operand.shape[batch] ?? 0) > 0 &&
    sameShape(operand.shape.slice(0, batch), indices.shape.slice(0, batch)) &&
    sameShape(updates.shape, [...indices.shape, ...operand.shape.slice(batch + 1)]);
  if (!valid) {
    refuse(
      "addAt",
      `a numeric operand, int32 indices into its axis ${batch}, and updates of the shape of the indices and of one slice`,
      inputs,
      convertRemedy,
    );
  }
  return [operand];
};

const coreRules: Pick<ShapeRules, CorePrimitive | "scan"> = {
  sqrt: floatUnary("sqrt"),
  exp: floatUnary("exp"),
  expm1: floatUnary("expm1"),
  tanh: floatUnary("tanh"),
  floor: floatUnary("floor"),
  ceil: floatUnary("ceil"),
  round: floatUnary("round"),
  neg: numericUnary("neg"),
  abs: numericUnary("abs"),
  sign: numericUnary("sign"),
  add: numericBinary("add"),
  sub: numericBinary("sub"),
  mul: numericBinary("mul"),
  div: numericBinary("div"),
  max: numericBinary("max"),
  min: numericBinary("min"),
  less: comparison("less"),
  lessEqual: comparison("lessEqual"),
  equal: comparison("equal"),
  notEqual: comparison("notEqual"),
  and: bitBinary("and"),
  or: bitBinary("or"),
  xor: bitBinary("xor"),
  not: same("not", 1, (dtype) => !isFloat(dtype), "integer or bool"),
  shiftLeft: shift("shiftLeft"),
  shiftRight: shift("shiftRight"),
  reduceSum: reduction("reduceSum"),
  reduceMax: reduction("reduceMax"),
  reduceMin: reduction("reduceMin"),
  stopGradient: (_, inputs) => [only("stopGradient", inputs)],
  allSum: (_, inputs) => [only("allSum", inputs)],
  convert: ({ dtype }, inputs) => [{ dtype, shape: only("convert", inputs).shape }],
  iota: ({ dtype, shape, axis }, inputs) => {
    if (!isNumeric(dtype) || shape[axis] === undefined || inputs.length > 0) {
      refuse(
        "iota",
        "a numeric type, an axis of the shape and no tensors",
        `${dtype}${showShape(shape)}, axis ${axis}, ${inputs.length} tensors`,
        "Axes count from 0.",
      );
    }
    return [{ dtype, shape }];
  },
  select: (_, inputs) => {
    const [condition, a, b] = inputs;
    const valid =
      inputs.length === 3 &&
      condition !== undefined &&
      a !== undefined &&
      b !== undefined &&
      condition.dtype === "bool" &&
      a.dtype === b.dtype &&
      sameShape(condition.shape, a.shape) &&
      sameShape(a.shape, b.shape);
    if (!valid)
      refuse("select", "a bool condition and two tensors of one type, all of one shape", inputs, convertRemedy);
    return [{ dtype: a.dtype, shape: a.shape }];
  },
  broadcast: ({ shape, axes }, inputs) => {
    const x = only("broadcast", inputs);
    const valid =
      axes.length === x.shape.length &&
      axes.every(
        (axis, i) =>
          shape[axis] !== undefined &&
          (i === 0 || axis > (axes[i - 1] as number)) &&
          (x.shape[i] === shape[axis] || x.shape[i] === 1),
      );
    if (!valid)
      refuse(
        "broadcast",
        `increasing axes that place ${showType(x)} in ${showShape(shape)}`,
        `axes ${showShape(axes)}`,
        "Extents must agree or be 1.",
      );
    return [{ dtype: x.dtype, shape }];
  },
  reshape: ({ shape }, inputs) => {
    const x = only("reshape", inputs);
    if (sizeOf(shape) !== sizeOf(x.shape)) {
      refuse("reshape", `a shape of ${sizeOf(x.shape)} elements`, showShape(shape), `The tensor is ${showType(x)}.`);
    }
    return [{ dtype: x.dtype, shape }];
  },
  transpose: ({ permutation }, inputs) => {
    const x = only("transpose", inputs);
    checkAxes("transpose", permutation, x);
    if (permutation.length !== x.shape.length)
      refuse("transpose", `${x.shape.length} axes`, showShape(permutation), "List every axis once.");
    return [{ dtype: x.dtype, shape: permutation.map((axis) => x.shape[axis] as number) }];
  },
  reverse: ({ axes }, inputs) => {
    const x = only("reverse", inputs);
    checkAxes("reverse", axes, x);
    return [x];
  },
  slice: ({ start, limit, stride }, inputs) => {
    const x = only("slice", inputs);
    checkLists("slice", x, [start, limit, stride]);
    const valid = x.shape.every((extent, axis) => {
      const from = start[axis] as number;
      const to = limit[axis] as number;
      return from <= to && to <= extent && (stride[axis] as number) >= 1;
    });
    if (!valid)
      refuse(
        "slice",
        `0 <= start <= limit within ${showType(x)}`,
        `start ${showShape(start)}, limit ${showShape(limit)}, stride ${showShape(stride)}`,
        "Clip the limits to the extents.",
      );
    const shape = x.shape.map((_, axis) =>
      Math.ceil(((limit[axis] as number) - (start[axis] as number)) / (stride[axis] as number)),
    );
    return [{ dtype: x.dtype, shape }];
  },
  pad: ({ low, high, interior }, inputs) => {
    const x = only("pad", inputs);
    checkLists("pad", x, [low, high, interior]);
    const shape = x.shape.map(
      (extent, axis) =>
        (low[axis] as number) + extent + Math.max(0, extent - 1) * (interior[axis] as number) + (high[axis] as number),
    );
    return [{ dtype: x.dtype, shape }];
  },
  concatenate: ({ axis }, inputs) => {
    const [first] = inputs;
    const without = (shape: Shape): number[] => shape.filter((_, i) => i !== axis);
    const valid = inputs.every(
      ({ dtype, shape }) =>
        dtype === first?.dtype && shape[axis] !== undefined && sameShape(without(shape), without(first.shape)),
    );
    if (first === undefined || !valid)
      refuse("concatenate", `one type, and equal extents but along axis ${axis}`, inputs, convertRemedy);
    const extent = inputs.reduce((sum, { shape }) => sum + (shape[axis] as number), 0);
    return [{ dtype: first.dtype, shape: first.shape.map((n, i) => (i === axis ? extent : n)) }];
  },
  dot: ({ contract, batch }, inputs) => {
    const [a, b] = inputs;
    if (a === undefined || b === undefined || inputs.length !== 2 || a.dtype !== b.dtype || !isNumeric(a.dtype)) {
      refuse("dot", "two tensors of one numeric type", inputs, convertRemedy);
    }
    checkAxes("dot", [...contract[0], ...batch[0]], a);
    checkAxes("dot", [...contract[1], ...batch[1]], b);
    const agree = (pair: readonly [readonly number[], readonly number[]]): boolean =>
      pair[0].length === pair[1].length && pair[0].every((axis, i) => a.shape[axis] === b.shape[pair[1][i] as number]);
    if (!agree(contract) || !agree(batch)) {
      refuse(
        "dot",
        "equal extents of the contracted and the batch axes",
        `${showType(a)} and ${showType(b)}, contracted ${showShape(contract[0])} with ${showShape(contract[1])}`,
        "Transpose or reshape one operand.",
      );
    }
    const free = (type: TensorType, side: 0 | 1): number[] =>
      type.shape.filter((_, axis) => !contract[side].includes(axis) && !batch[side].includes(axis));
    return [
      { dtype: a.dtype, shape: [...batch[0].map((axis) => a.shape[axis] as number), ...free(a, 0), ...free(b, 1)] },
    ];
  },
  gather: ({ batch }, inputs) => {
    const [x, indices] = inputs;
    const valid =
      inputs.length === 2 &&
      x !== undefined &&
      indices !== undefined &&
      indices.dtype === "int32" &&
      x.shape.length > batch &&
      (x.shape[batch] as number) > 0 &&
      sameShape(x.shape.slice(0, batch), indices.shape.slice(0, batch));
    if (!valid)
      refuse(
        "gather",
        `a tensor with a non-empty axis ${batch} and int32 indices with the same ${batch} leading extents`,
        inputs,
        convertRemedy,
      );
    return [{ dtype: x.dtype, shape: [...indices.shape, ...x.shape.slice(batch + 1)] }];
  },
  scatterAdd: ({ batch, size }, inputs) => {
    const [updates, indices] = inputs;
    const valid =
      inputs.length === 2 &&
      updates !== undefined &&
      indices !== undefined &&
      indices.dtype === "int32" &&
      isNumeric(updates.dtype) &&
      indices.shape.length >= batch &&
      size > 0 &&
      sameShape(updates.shape.slice(0, indices.shape.length), indices.shape);
    if (!valid)
      refuse("scatterAdd", "updates whose leading extents are those of the int32 indices", inputs, convertRemedy);
    return [
      {
        dtype: updates.dtype,
        shape: [...indices.shape.slice(0, batch), size, ...updates.shape.slice(indices.shape.length)],
      },
    ];
  },
  addAt,
  scan: ({ body, constants, carry, bound }, inputs) => {
    const [length, ...rest] = inputs;
    if (length === undefined || length.dtype !== "int32" || length.shape.length !== 0)
      refuse("scan", "an int32 scalar as its length", inputs, convertRemedy);
    expectCount("scan inputs", rest.length, constants + carry);
    expectCount("scan body outputs", body.outputs.length, carry);
    const slices = rest.map((type, i) => (i < constants + carry ? type : sliceOf(type, bound)));
    expectTypes("scan body inputs", body.inputs, slices);
    expectTypes("scan carry", body.outputs.slice(0, carry), rest.slice(constants, constants + carry));
    return body.outputs.map(({ type }, i) => (i < carry ? type : { dtype: type.dtype, shape: [bound, ...type.shape] }));
  },
};

function sliceOf(type: TensorType, bound: number): TensorType {
  if (type.shape[0] !== bound)
    refuse("scan", `sequences of ${bound} along their first axis`, [type], "Give all sequences the same length.");
  return { dtype: type.dtype, shape: type.shape.slice(1) };
}
