/**
 * Batching rules: for each primitive, the same work on all members of a batch at once. The batch axis is always axis 0
 * of the tensors that have one; a rule is only asked when at least one input is batched, and all its outputs are.
 */
import { moveAxis } from "../ops/movement.ts";
import type { CorePrimitive, Parameters, PrimitiveName } from "../program/primitive.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import { type BatchRule, type BatchRules, type BatchTransform, loadedBatchRules } from "./batch-rule.ts";
import { all, elementwise, shifted, up } from "./batched.ts";

/** Applies the rule of a primitive. */
export function applyBatch<P extends PrimitiveName>(
  primitive: P,
  parameters: Parameters[P],
  inputs: readonly Tensor[],
  batched: readonly boolean[],
  size: number,
  transform: BatchTransform,
): readonly Tensor[] {
  const rule = (coreRules as Partial<BatchRules>)[primitive] ?? loadedBatchRules.find(primitive);
  return rule(parameters, inputs, batched, size, transform);
}

const dot: BatchRule<"dot"> = ({ contract, batch }, inputs, batched) => {
  const [a, b] = inputs as [Tensor, Tensor];
  const lift = (axes: readonly number[], side: 0 | 1): number[] => (batched[side] === true ? up(axes) : [...axes]);
  const contracted = [lift(contract[0], 0), lift(contract[1], 1)] as const;
  const along = [lift(batch[0], 0), lift(batch[1], 1)] as const;
  if (batched[0] === true && batched[1] === true) {
    return [
      emitOne(
        "dot",
        {
          contract: contracted,
          batch: [
            [0, ...along[0]],
            [0, ...along[1]],
          ],
        },
        [a, b],
      ),
    ];
  }
  // The batch axis is a free axis of one operand, the first of its free axes.
  const product = emitOne("dot", { contract: contracted, batch: along }, [a, b]);
  const leftFree = a.shape.length - contract[0].length - batch[0].length;
  return [moveAxis(product, batched[0] === true ? batch[0].length : batch[0].length + leftFree, 0)];
};

const gather: BatchRule<"gather"> = ({ batch }, inputs, batched, size) => {
  const [x, indices] = inputs as [Tensor, Tensor];
  if (batched[0] !== true && batch === 0) return [emitOne("gather", { batch }, [x, indices])];
  return [emitOne("gather", { batch: batch + 1 }, all(inputs, batched, size))];
};

const coreRules: Pick<BatchRules, CorePrimitive> = {
  sqrt: elementwise("sqrt"),
  exp: elementwise("exp"),
  expm1: elementwise("expm1"),
  tanh: elementwise("tanh"),
  floor: elementwise("floor"),
  ceil: elementwise("ceil"),
  round: elementwise("round"),
  neg: elementwise("neg"),
  abs: elementwise("abs"),
  sign: elementwise("sign"),
  add: elementwise("add"),
  sub: elementwise("sub"),
  mul: elementwise("mul"),
  div: elementwise("div"),
  max: elementwise("max"),
  min: elementwise("min"),
  less: elementwise("less"),
  lessEqual: elementwise("lessEqual"),
  equal: elementwise("equal"),
  notEqual: elementwise("notEqual"),
  and: elementwise("and"),
  or: elementwise("or"),
  xor: elementwise("xor"),
  not: elementwise("not"),
  shiftLeft: elementwise("shiftLeft"),
  shiftRight: elementwise("shiftRight"),
  select: elementwise("select"),
  convert: elementwise("convert"),
  stopGradient: elementwise("stopGradient"),
  allSum: elementwise("allSum"),
  iota: shifted("iota", ({ dtype, shape, axis }, size) => ({ dtype, shape: [size, ...shape], axis: axis + 1 })),
  reduceSum: shifted("reduceSum", ({ axes }) => ({ axes: up(axes) })),
  reduceMax: shifted("reduceMax", ({ axes }) => ({ axes: up(axes) })),
  reduceMin: shifted("reduceMin", ({ axes }) => ({ axes: up(axes) })),
  broadcast: shifted("broadcast", ({ shape, axes }, size) => ({ shape: [size, ...shape], axes: [0, ...up(axes)] })),
  reshape: shifted("reshape", ({ shape }, size) => ({ shape: [size, ...shape] })),
  transpose: shifted("transpose", ({ permutation }) => ({ permutation: [0, ...up(permutation)] })),
  reverse: shifted("reverse", ({ axes }) => ({ axes: up(axes) })),
  slice: shifted("slice", ({ start, limit, stride }, size) => ({
    start: [0, ...start],
    limit: [size, ...limit],
    stride: [1, ...stride],
  })),
  pad: shifted("pad", ({ low, high, interior }) => ({
    low: [0, ...low],
    high: [0, ...high],
    interior: [0, ...interior],
  })),
  concatenate: shifted("concatenate", ({ axis }) => ({ axis: axis + 1 })),
  dot,
  gather,
  scatterAdd: shifted("scatterAdd", ({ batch, size }) => ({ batch: batch + 1, size })),
  addAt: shifted("addAt", ({ batch }) => ({ batch: batch + 1 })),
};
