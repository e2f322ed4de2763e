/**
 * Batching of loops. A `scan` runs all members together; when their lengths differ it runs to the longest and a member
 * that has ended keeps its carry. A `while` stays one loop per member (a map over members of `while`), so that each
 * ends on its own, a slow member does not hold up the others' results, and none computes with another's garbage.
 */
import { less, select } from "../ops/comparison.ts";
import { moveAxis, zerosLike } from "../ops/movement.ts";
import { max } from "../ops/reduction.ts";
import { complement, cut, where } from "../program/arrange.ts";
import type { Parameters } from "../program/primitive.ts";
import type { Program, TensorType } from "../program/program.ts";
import { reachThroughLoop, type Spreading } from "../program/reach.ts";
import { build, emit, emitOne, inline } from "../trace/builder.ts";
import { full, type Tensor } from "../trace/tensor.ts";
import type { BatchRule, BatchTransform } from "./batch-rule.ts";
import { spreadOver } from "./spread-over.ts";

/** How batches spread: the results of an equation are batched when any of its inputs is. */
const members: Spreading = { passes: () => true, fillsWhile: () => true, known: new WeakMap() };

/** Members whose loop is over keep their carry and give zeros. */
function masked(body: Program, { constants, carry }: Parameters["scan"]): Program {
  const [fixed, rest] = cut(body.inputs, constants) as [(typeof body.inputs)[number][], (typeof body.inputs)[number][]];
  const counter: TensorType = { dtype: "int32", shape: [] };
  const types = [
    counter,
    ...fixed.map(({ type }) => type),
    ...rest.slice(0, carry).map(({ type }) => type),
    counter,
    ...rest.slice(carry).map(({ type }) => type),
  ];
  return build(types, (tensors) => {
    const [length, values, state, index, slices] = cut(tensors, 1, constants, carry, 1) as [
      Tensor[],
      Tensor[],
      Tensor[],
      Tensor[],
      Tensor[],
    ];
    const active = less(index[0] as Tensor, length[0] as Tensor);
    const outputs = inline(body, [...values, ...state, ...slices]);
    return outputs.map((output, i) => select(active, output, i < carry ? (state[i] as Tensor) : zerosLike(output)));
  }).program;
}

/** The rule of `scan`. */
export const scanBatch: BatchRule<"scan"> = (parameters, inputs, batched, size, transform) => {
  const [length, ...operands] = inputs as [Tensor, ...Tensor[]];
  if (batched[0] !== true) return together(parameters, length, operands, batched.slice(1), size, transform);
  const { constants, carry, bound } = parameters;
  const [fixed, state, series] = cut(operands, constants, carry) as [Tensor[], Tensor[], Tensor[]];
  const [fixedMask, stateMask, seriesMask] = cut(batched.slice(1), constants, carry) as [
    boolean[],
    boolean[],
    boolean[],
  ];
  const counter = emitOne("iota", { dtype: "int32", shape: [bound], axis: 0 }, []);
  const body = masked(parameters.body, parameters);
  const widened = { ...parameters, body, constants: constants + 1 };
  const longest = max(length, 0);
  return together(
    widened,
    longest,
    [length, ...fixed, ...state, counter, ...series],
    [true, ...fixedMask, ...stateMask, false, ...seriesMask],
    size,
    transform,
  );
};

function together(
  parameters: Parameters["scan"],
  length: Tensor,
  operands: readonly Tensor[],
  batched: readonly boolean[],
  size: number,
  transform: BatchTransform,
): Tensor[] {
  const { body, constants, carry } = parameters;
  const [fixed, , series] = cut(batched, constants, carry) as [boolean[], boolean[], boolean[]];
  const { carried: mask } = reachThroughLoop(body, constants, carry, batched, members);
  const forced = body.outputs.map((_, i) => mask[i] === true);
  const derived = transform(body, [...fixed, ...mask, ...series], size, forced);
  const values = operands.map((operand, i) => {
    if (i < constants) return operand;
    if (i < constants + carry)
      return mask[i - constants] === true && batched[i] !== true ? spreadOver(size, operand) : operand;
    return batched[i] === true ? moveAxis(operand, 1, 0) : operand;
  });
  const results = emit("scan", { ...parameters, body: derived.program }, [length, ...values]);
  return results.map((result, i) => {
    if (derived.batched[i] !== true) return spreadOver(size, result);
    return i < carry ? result : moveAxis(result, 1, 0);
  });
}

/** The rule of `while`: a scan over members whose body holds the original loop. */
export const whileBatch: BatchRule<"while"> = (parameters, inputs, batched, size) => {
  const shared = where(complement(batched), inputs);
  const own = where(batched, inputs);
  const types = [...shared, ...own.map(({ dtype, shape }) => ({ dtype, shape: shape.slice(1) }))];
  const { program } = build(
    types.map(({ dtype, shape }) => ({ dtype, shape })),
    (tensors) => {
      const [values, slices] = cut(tensors, shared.length) as [Tensor[], Tensor[]];
      const ordered = batched.map((flag) => (flag ? slices.shift() : values.shift()) as Tensor);
      return emit("while", parameters, ordered);
    },
  );
  const scan = { body: program, constants: shared.length, carry: 0, bound: size, reverse: false };
  return emit("scan", scan, [full([], size, "int32"), ...shared, ...own]);
};
