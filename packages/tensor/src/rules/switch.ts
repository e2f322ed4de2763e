/**
 * Rules of `switch`.
 *
 * Members of a batch that share the index share the branch. Where each has its own, every branch that some member takes
 * runs once for all of them, and each member picks its result. A member that does not take a branch goes through it as a
 * copy of the first that does: what is thrown away is what some member wants, so no NaN, no endless loop and no infinite
 * derivative comes from a branch that a member did not take. Branches that no member takes do not run.
 */
import { equal, less, lessEqual, select } from "../ops/comparison.ts";
import { take } from "../ops/indexing.ts";
import { iota, reshape } from "../ops/movement.ts";
import { min } from "../ops/reduction.ts";
import { either, where } from "../program/arrange.ts";
import type { Program } from "../program/primitive.ts";
import { build, emit, emitOne } from "../trace/builder.ts";
import { full, type Tensor } from "../trace/tensor.ts";
import type { BatchRule } from "./batch-rule.ts";
import type { JvpRule, Tangent } from "./jvp-rule.ts";
import type { TransposeRule } from "./transpose-rule.ts";

/** The derivative: the branches of values and tangents; a tangent that one branch lacks is zero there. */
export const switchJvp: JvpRule<"switch"> = ({ branches }, inputs, [, ...tangents], transform) => {
  const marked = tangents.map((tangent) => tangent !== null);
  const found = branches.map((branch) => transform(branch, marked).nonzero).reduce(either);
  const derived = branches.map((branch) => transform(branch, marked, found).program);
  const results = emit("switch", { branches: derived }, [...inputs, ...(where(marked, tangents) as Tensor[])]);
  const count = found.length;
  let next = count;
  return {
    primals: results.slice(0, count),
    tangents: found.map((flag): Tangent => (flag ? (results[next++] as Tensor) : null)),
  };
};

/** The transpose: the branches transposed. */
export const switchTranspose: TransposeRule<"switch"> = ({ branches }, cotangents, [index, ...operands], transform) => {
  const unknown = operands.map(({ value }) => value === null);
  const known = operands.flatMap(({ value }) => (value === null ? [] : [value]));
  const given = (branches[0] as Program).outputs.map(({ type }, i) => cotangents[i] ?? full(type.shape, 0, type.dtype));
  const transposed = branches.map((branch) => transform(branch, unknown));
  const found = emit("switch", { branches: transposed }, [index?.value as Tensor, ...known, ...given]);
  let next = 0;
  return [null, ...unknown.map((flag) => (flag ? (found[next++] as Tensor) : null))];
};

/** The switch of a batch. */
export const switchBatch: BatchRule<"switch"> = ({ branches }, inputs, batched, size, transform) => {
  const [index, ...operands] = inputs as [Tensor, ...Tensor[]];
  const mask = batched.slice(1);
  const all = (branches[0] as Program).outputs.map(() => true);
  const together = branches.map((branch) => transform(branch, mask, size, all).program);
  if (batched[0] !== true) return emit("switch", { branches: together }, inputs);
  const last = branches.length - 1;
  return together
    .map((branch, i) => {
      const taken = i === 0 ? lessEqual(index, 0) : i === last ? lessEqual(last, index) : equal(index, i);
      return { taken, results: amongMembers(branch, taken, operands, mask, size) };
    })
    .reduce((before, { taken, results }) => ({
      taken,
      results: results.map((result, k) => select(along(taken, result), result, before.results[k] as Tensor)),
    })).results;
};

/** What a branch gives where members take it; zeros where none does. */
function amongMembers(
  branch: Program,
  taken: Tensor,
  operands: readonly Tensor[],
  mask: readonly boolean[],
  size: number,
): Tensor[] {
  const numbers = select(taken, iota([size], 0, "int32"), full([size], size, "int32"));
  const first = min(numbers, 0);
  const types = branch.inputs.map(({ type }) => type);
  const lent = operands.map((operand, i) =>
    mask[i] === true ? select(along(taken, operand), operand, take(operand, first)) : operand,
  );
  const none = build(types, () => branch.outputs.map(({ type }) => full(type.shape, 0, type.dtype))).program;
  const runs = emitOne("convert", { dtype: "int32" }, [less(first, size)]);
  return emit("switch", { branches: [none, branch] }, [runs, ...lent]);
}

/** A value for each member, along the first axis of `like`. */
function along(values: Tensor, like: Tensor): Tensor {
  return reshape(values, [values.shape[0] as number, ...like.shape.slice(1).map(() => 1)]);
}
