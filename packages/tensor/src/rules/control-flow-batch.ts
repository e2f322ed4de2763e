/**
 * Batching of loops. A `scan` runs all members together; when their lengths differ it runs to the longest and a member
 * that has ended keeps its carry. Such a member repeats its first step, and one that never starts the first step of the
 * longest: what is computed and thrown away is a step that some member takes, so that its derivatives are finite (0 times
 * NaN would spoil the gradients of what members share). A `while` stays one loop per member (a map over members of `while`), so that each
 * ends on its own, a slow member does not hold up the others' results, and none computes with another's garbage.
 */
import { equal, less, select } from "../ops/comparison.ts";
import { take } from "../ops/indexing.ts";
import { at, iota, moveAxis, reshape, zerosLike } from "../ops/movement.ts";
import { max, min } from "../ops/reduction.ts";
import { complement, cut, where } from "../program/arrange.ts";
import type { Parameters } from "../program/primitive.ts";
import type { Program, TensorType } from "../program/program.ts";
import { reachThroughLoop, type Spreading } from "../program/reach.ts";
import { build, emit, inline } from "../trace/builder.ts";
import { full, type Tensor } from "../trace/tensor.ts";
import type { BatchRule, BatchTransform } from "./batch-rule.ts";
import { spreadOver } from "./spread-over.ts";

/** How batches spread: the results of an equation are batched when any of its inputs is. */
const members: Spreading = { passes: () => true, fillsWhile: () => true, known: new WeakMap() };

/**
 * Members whose loop is over keep their carry and give zeros. Constants in front of those of the body: the length, and
 * what an ended member computes with instead of its carry and slices.
 */
function masked(body: Program, { constants, carry }: Parameters["scan"]): Program {
  const [fixed, state, slices] = cut(
    body.inputs.map(({ type }) => type),
    constants,
    carry,
  ) as [TensorType[], TensorType[], TensorType[]];
  const counter: TensorType = { dtype: "int32", shape: [] };
  const types = [counter, ...state, ...slices, ...fixed, ...state, counter, ...slices];
  return build(types, (tensors) => {
    const [length, spare, values, own, index, given] = cut(
      tensors,
      1,
      state.length + slices.length,
      constants,
      carry,
      1,
    ) as [Tensor[], Tensor[], Tensor[], Tensor[], Tensor[], Tensor[]];
    const active = less(index[0] as Tensor, length[0] as Tensor);
    const used = [...own, ...given].map((value, i) => select(active, value, spare[i] as Tensor));
    const outputs = inline(body, [...values, ...used]);
    return outputs.map((output, i) => select(active, output, i < carry ? (own[i] as Tensor) : zerosLike(output)));
  }).program;
}

/** The rule of `scan`. */
export const scanBatch: BatchRule<"scan"> = (parameters, inputs, batched, size, transform) => {
  const [length, ...operands] = inputs as [Tensor, ...Tensor[]];
  const mask = batched.slice(1);
  if (batched[0] !== true) return together(parameters, length, operands, mask, size, transform);
  const { constants, carry, bound } = parameters;
  const longest = max(length, 0);
  const starts = less(0, length);
  const index = min(select(equal(length, longest), iota([size]), full([size], size, "int32")), 0);
  /** What each member has, and one that never starts from the longest. */
  const lent = (operand: Tensor, i: number): Tensor =>
    mask[i] === true ? select(along(starts, operand), operand, take(operand, index)) : operand;
  const [fixed, state, series] = cut(operands, constants, carry) as [Tensor[], Tensor[], Tensor[]];
  const lentFixed = fixed.map(lent);
  const lentState = state.map((operand, i) => lent(operand, constants + i));
  const lentSlices = series.map((operand, i) => {
    const place = constants + carry + i;
    return lent(at(operand, 0, mask[place] === true ? 1 : 0), place);
  });
  const widened = {
    ...parameters,
    body: masked(parameters.body, parameters),
    constants: 1 + state.length + series.length + constants,
  };
  const rest = mask.slice(constants);
  return together(
    widened,
    longest,
    [length, ...lentState, ...lentSlices, ...lentFixed, ...state, iota([bound]), ...series],
    [true, ...rest, ...mask.slice(0, constants), ...rest.slice(0, carry), false, ...rest.slice(carry)],
    size,
    transform,
  );
};

/** A value for each member, along the first axis of `like`. */
function along(values: Tensor, like: Tensor): Tensor {
  return reshape(values, [values.shape[0] as number, ...like.shape.slice(1).map(() => 1)]);
}

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
