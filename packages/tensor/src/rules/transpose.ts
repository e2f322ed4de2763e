/**
 * Transpose rules: for each primitive that can be linear, the cotangents of its linear inputs from those of its outputs.
 *
 * `nonlinearPrimitives` names the others; a type below says that every primitive of the core is in exactly one of the two,
 * so that "not linear" can never be mistaken for "forgotten". Those of dialects say so in their own rows.
 */
import type { DType } from "../dtype.ts";
import { broadcastTo } from "../ops/broadcasting.ts";
import { select } from "../ops/comparison.ts";
import { div, mul, neg } from "../ops/elementwise.ts";
import { reshape, reverse, transpose, zerosLike } from "../ops/movement.ts";
import type { CorePrimitive, PrimitiveName } from "../program/primitive.ts";
import type { TensorType } from "../program/program.ts";
import type { Shape } from "../shape.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import { each, one } from "./cotangents.ts";
import { loadedTransposeRules, type Operand, type TransposeRule, type TransposeRules } from "./transpose-rule.ts";

/** Primitives that are never linear in an input that carries a tangent: their jvp rules use others for it. */
export const nonlinearPrimitives = [
  "sqrt",
  "exp",
  "expm1",
  "tanh",
  "floor",
  "ceil",
  "round",
  "abs",
  "sign",
  "max",
  "min",
  "less",
  "lessEqual",
  "equal",
  "notEqual",
  "and",
  "or",
  "xor",
  "not",
  "shiftLeft",
  "shiftRight",
  "iota",
  "stopGradient",
  "reduceMax",
  "reduceMin",
] as const;

type Nonlinear = (typeof nonlinearPrimitives)[number];
type Linear = Exclude<CorePrimitive, Nonlinear>;

const valueAt = (operands: readonly Operand[], index: number): Tensor => operands[index]?.value as Tensor;
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const free = (shape: Shape, ...used: readonly (readonly number[])[]): number[] =>
  range(shape.length).filter((axis) => !used.some((axes) => axes.includes(axis)));

const broadcastRule = one<"broadcast">(({ shape, axes }, cotangent, input) => {
  const repeated = range(shape.length).filter((axis) => {
    const from = axes.indexOf(axis);
    return from < 0 || (input.shape[from] === 1 && shape[axis] !== 1);
  });
  return reshape(
    repeated.length === 0 ? cotangent : emitOne("reduceSum", { axes: repeated }, [cotangent]),
    input.shape,
  );
});

const sliceRule = one<"slice">(({ start, stride }, cotangent, input) => {
  const last = (axis: number): number => {
    const count = cotangent.shape[axis] as number;
    return count === 0 ? (start[axis] as number) : (start[axis] as number) + (count - 1) * (stride[axis] as number) + 1;
  };
  const high = input.shape.map((extent, axis) => extent - last(axis));
  return emitOne("pad", { low: start, high, interior: stride.map((step) => step - 1) }, [cotangent]);
});

const padRule = one<"pad">(({ low, interior }, cotangent, input) => {
  const stride = interior.map((n) => n + 1);
  const limit = input.shape.map(
    (extent, axis) => (low[axis] as number) + Math.max(0, (extent - 1) * (stride[axis] as number) + 1),
  );
  return emitOne(
    "slice",
    { start: low, limit: limit.map((end, axis) => (input.shape[axis] === 0 ? (low[axis] as number) : end)), stride },
    [cotangent],
  );
});

const concatenateRule: TransposeRule<"concatenate"> = ({ axis }, [cotangent], inputs) => {
  let offset = 0;
  return inputs.map(({ type, value }) => {
    const from = offset;
    offset += type.shape[axis] as number;
    if (value !== null) return null;
    const start = type.shape.map((_, i) => (i === axis ? from : 0));
    const limit = type.shape.map((extent, i) => (i === axis ? offset : extent));
    return emitOne("slice", { start, limit, stride: type.shape.map(() => 1) }, [cotangent as Tensor]);
  });
};

/** The cotangent times the other operand over the other's free axes, its axes brought back to the operand's order. */
const dotRule = each<"dot">((cotangent, side, operands, { contract, batch }) => {
  const mine = side as 0 | 1;
  const other = (1 - mine) as 0 | 1;
  const type = operands[mine]?.type as TensorType;
  const b = valueAt(operands, other);
  const myFree = free(type.shape, contract[mine], batch[mine]);
  const otherFree = free(b.shape, contract[other], batch[other]);
  const width = batch[mine].length;
  const otherStart = mine === 0 ? width + myFree.length : width;
  const parameters = {
    contract: [otherFree.map((_, i) => i + otherStart), otherFree],
    batch: [range(width), batch[other]],
  } as const;
  const product = emitOne("dot", parameters, [cotangent, b]);
  // The product has the axes: batch, my free axes, then the contracted axes in the other operand's order.
  const contracted = [...contract[other]].sort((x, y) => x - y);
  const order = [
    ...batch[mine],
    ...myFree,
    ...contracted.map((axis) => contract[mine][contract[other].indexOf(axis)] as number),
  ];
  return transpose(
    product,
    range(type.shape.length).map((axis) => order.indexOf(axis)),
  );
});

const coreRules: { readonly [P in Linear]: TransposeRule<P> } = {
  neg: one((_, cotangent) => neg(cotangent)),
  add: each((cotangent) => cotangent),
  sub: each((cotangent, i) => (i === 0 ? cotangent : neg(cotangent))),
  mul: each((cotangent, i, operands) => mul(cotangent, valueAt(operands, 1 - i))),
  div: each((cotangent, _, operands) => div(cotangent, valueAt(operands, 1))),
  select: each((cotangent, i, operands) => {
    const condition = valueAt(operands, 0);
    return i === 1
      ? select(condition, cotangent, zerosLike(cotangent))
      : select(condition, zerosLike(cotangent), cotangent);
  }),
  convert: one((_, cotangent, { dtype }) => emitOne("convert", { dtype: dtype as DType }, [cotangent])),
  allSum: one((_, cotangent) => emitOne("allSum", {}, [cotangent])),
  reduceSum: one(({ axes }, cotangent, { shape }) => {
    const kept = reshape(
      cotangent,
      shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent)),
    );
    return broadcastTo(kept, shape);
  }),
  broadcast: broadcastRule,
  reshape: one((_, cotangent, { shape }) => reshape(cotangent, shape)),
  transpose: one(({ permutation }, cotangent) =>
    transpose(
      cotangent,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    ),
  ),
  reverse: one(({ axes }, cotangent) => reverse(cotangent, axes)),
  slice: sliceRule,
  pad: padRule,
  concatenate: concatenateRule,
  dot: dotRule,
  gather: one(({ batch }, cotangent, input, operands) =>
    emitOne("scatterAdd", { batch, size: input.shape[batch] as number }, [cotangent, valueAt(operands, 1)]),
  ),
  scatterAdd: one(({ batch }, cotangent, _, operands) =>
    emitOne("gather", { batch }, [cotangent, valueAt(operands, 1)]),
  ),
  addAt: ({ batch }, [cotangent], [operand, updates, indices]) => {
    if (cotangent == null) return [null, null, null];
    const taken = (): Tensor => emitOne("gather", { batch }, [cotangent, indices?.value as Tensor]);
    return [operand?.value === null ? cotangent : null, updates?.value === null ? taken() : null, null];
  },
};

/** The rule of a primitive; undefined of one that is not linear. */
export function transposeRuleOf<P extends PrimitiveName>(primitive: P): TransposeRule<P> | undefined {
  const rule =
    (coreRules as Partial<TransposeRules>)[primitive] ??
    (isNonlinear(primitive) ? "nonlinear" : loadedTransposeRules.find(primitive));
  return rule === "nonlinear" ? undefined : rule;
}

function isNonlinear(primitive: PrimitiveName): boolean {
  return (nonlinearPrimitives as readonly PrimitiveName[]).includes(primitive);
}
