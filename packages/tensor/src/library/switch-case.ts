/**
 * Branches: of several functions one runs, chosen at run time.
 */

import { emitOf } from "../dialect/dialect.ts";
import { loops } from "../dialect/loops.ts";
import { TensorError } from "../errors.ts";
import { showType } from "../program/infer.ts";
import type { Program } from "../program/program.ts";
import { arrangedLike, withLeaves } from "../pytree.ts";
import { build, emitOne, inline } from "../trace/builder.ts";
import { asTensor, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { specLeaves, type TracedFunction, tensorLeaves, traceClosure } from "../trace/trace.ts";

/**
 * `whenTrue(...operands)` where the predicate holds, else `whenFalse(...operands)`; the other function does not run.
 *
 * Differentiable to any order in both modes. Under `vmap`, members with one predicate share the branch; where each has its
 * own, both functions run, each with operands of members that want it, and a function that no member wants does not run.
 * So a NaN, an infinite derivative or an endless loop in the function that is not taken harms nobody. To choose between
 * numbers that are there already, by element, `select` is the faster one.
 *
 * @param predicate A bool scalar.
 * @param whenTrue, whenFalse Functions of the operands to trees of one structure, shapes and element types; they may close
 *   over tensors.
 * @param operands Trees of tensors.
 * @example
 * const root = (x: Tensor) => cond(less(0, x), (a: Tensor) => sqrt(a), (a: Tensor) => mul(a, 0), x);
 * evaluate(grad(root), array(-4)).data; // => [0]
 *
 * Errors: a predicate that is no bool scalar; results of different types.
 */
export function cond<Operands extends readonly unknown[], Result>(
  predicate: TensorLike,
  whenTrue: (...operands: Operands) => Result,
  whenFalse: (...operands: Operands) => Result,
  ...operands: Operands
): Result {
  const flag = scalarOf("cond", "bool", predicate);
  const index = emitOne("convert", { dtype: "int32" }, [flag]);
  return emitSwitch("cond", index, [whenFalse, whenTrue], operands);
}

/**
 * `branches[index](...operands)`; the other branches do not run. An index below 0 takes the first, one that is too large
 * the last. All else is as for `cond`.
 *
 * @param index An int32 scalar.
 * @param branches At least one function of the operands; all give trees of one structure, shapes and element types.
 * @param operands Trees of tensors.
 * @example
 * const f = (i: Tensor, x: Tensor) => switchCase(i, [sin, cos, (a: Tensor) => mul(a, a)], x);
 * evaluate(f, array([2], [], "int32"), array(3)).data; // => [9]
 *
 * Errors: an index that is no int32 scalar; no branches; results of different types.
 */
export function switchCase<Operands extends readonly unknown[], Result>(
  index: TensorLike,
  branches: readonly ((...operands: Operands) => Result)[],
  ...operands: Operands
): Result {
  return emitSwitch("switchCase", scalarOf("switchCase", "int32", index), branches, operands);
}

function emitSwitch<Operands extends readonly unknown[], Result>(
  name: string,
  index: Tensor,
  branches: readonly ((...operands: Operands) => Result)[],
  operands: Operands,
): Result {
  const traced: TracedFunction<Result>[] = [];
  for (const branch of branches) {
    const [before] = traced;
    const arranged = (...given: Operands): Result => {
      const result = branch(...given);
      return before === undefined ? result : (arrangedLike(before.result, result, name) as Result);
    };
    traced.push(traceClosure(arranged as unknown as (...inputs: never[]) => Result, operands));
  }
  const [first] = traced;
  if (first === undefined) throw new TensorError(`Cannot ${name}: expected branches, got none`, "Give at least one.");
  for (const { result } of traced) expectLike(name, first.result, result);
  const captures = [...new Map(traced.flatMap((one) => one.captures).map((tensor) => [tensor.atom, tensor])).values()];
  const inputs = [...tensorLeaves(operands), ...captures];
  const programs = traced.map((one) => withCaptures(one, inputs, captures));
  return withLeaves(first.result, emitOf(loops, "switch", { branches: programs }, [index, ...inputs])) as Result;
}

/** The program of a branch as one of the operands and of what all branches close over. */
function withCaptures(
  traced: TracedFunction<unknown>,
  inputs: readonly Tensor[],
  captures: readonly Tensor[],
): Program {
  const own = traced.captures.map((tensor) => captures.findIndex(({ atom }) => atom === tensor.atom));
  const operands = inputs.length - captures.length;
  return build(
    inputs.map(({ dtype, shape }) => ({ dtype, shape })),
    (tensors) => {
      const closed = own.map((place) => tensors[operands + place] as Tensor);
      return inline(traced.program, [...tensors.slice(0, operands), ...closed]);
    },
  ).program;
}

function scalarOf(name: string, dtype: "bool" | "int32", given: TensorLike): Tensor {
  const tensor = asTensor(given, dtype);
  if (tensor.dtype === dtype && tensor.shape.length === 0) return tensor;
  throw new TensorError(
    `Cannot ${name}: expected ${dtype === "bool" ? "a predicate" : "an index"} of ${dtype}[], got ${showType(tensor)}`,
    "Use select to choose by element, or vmap to choose for each member of a batch.",
  );
}

function expectLike(name: string, wanted: unknown, found: unknown): void {
  const [a, b] = [wanted, found].map((tree) => specLeaves(tree).map(showType).join(", "));
  if (a === b) return;
  throw new TensorError(
    `Cannot ${name}: expected branches with one kind of result, got ${a} and ${b}`,
    "Return trees of the same structure, shapes and element types from all branches.",
  );
}
