/**
 * Functions with a derivative of their own.
 */

import { calls } from "../dialect/calls.ts";
import { emitOf } from "../dialect/dialect.ts";
import { isFloat } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { where } from "../program/arrange.ts";
import { showType } from "../program/infer.ts";
import type { CustomDerivative } from "../program/primitive.ts";
import { arrangedLike, isLeaf, type MapLeaves, mapTree, withLeaves } from "../pytree.ts";
import { asTensor, full, isTensor, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { type Spec, specLeaves, type TracedFunction, tensorLeaves, traceClosure } from "../trace/trace.ts";
import { ownProgram, refuse } from "./own-program.ts";

/** Options of `customJvp`. */
export interface CustomJvpOptions {
  /** The rule gets null for tangents that are known to be zero, and may save work; else it gets zeros. */
  readonly symbolicZeros?: boolean;
  /**
   * Whether `f` by itself has right derivatives too, if not as good: programs read from a file, where rules are not kept,
   * then have those. Default false: they refuse to be differentiated.
   */
  readonly bodyDerives?: boolean;
}

/**
 * `f` with the derivative that `rule` gives. Both modes, all orders and batching follow from it: write the rule with
 * operations whose derivatives are right, linear in the tangents.
 *
 * @param f A function of trees of tensors, which closes over none.
 * @param rule From the arguments, the result and the tangents of the arguments (a tree like them; only float leaves
 *   count) to the tangents of the result: a tree like it, null for a tangent of zero. It closes over no tensors and is
 *   traced when it is first needed.
 * @example
 * const root = customJvp((x: Tensor) => sqrt(x), (_primals, y, [t]) => div(t, maximum(mul(2, y), 1e-8)));
 * evaluate(grad(root), array(0)).data; // => [1e8]
 *
 * Errors: closing over tensors; tangents of other types than the results.
 */
export function customJvp<Arguments extends readonly unknown[], Result>(
  f: (...inputs: Arguments) => Result,
  rule: (primals: Arguments, result: Result, tangents: MapLeaves<Arguments, Tensor>) => unknown,
  options: CustomJvpOptions = {},
): (...inputs: Arguments) => Result {
  return (...inputs) => {
    const traced: TracedFunction<Result> = traceClosure(f as unknown as (...inputs: never[]) => Result, inputs);
    if (traced.captures.length > 0) refuse(what, `one that closes over ${traced.captures.length}`);
    const results = specLeaves(traced.result);
    const leaves = tensorLeaves(inputs);
    const types = leaves.map(({ dtype, shape }): Spec => ({ dtype, shape }));
    const derivative = remembered((nonzero) => {
      let found: readonly (Tensor | null)[] = [];
      const program = ownProgram(what, [...types, ...results, ...where(nonzero, types)], (tensors) => {
        const given = tensors.slice(types.length + results.length);
        let next = 0;
        const tangents = nonzero.map((flag, i) => {
          if (flag) return given[next++] as Tensor;
          const { dtype, shape } = types[i] as Spec;
          return options.symbolicZeros === true ? null : full(shape, 0, dtype);
        });
        const tangent = rule(
          withLeaves(inputs, tensors.slice(0, types.length)) as Arguments,
          withLeaves(traced.result, tensors.slice(types.length, types.length + results.length)) as Result,
          withLeaves(inputs, tangents) as MapLeaves<Arguments, Tensor>,
        );
        found = expectTangents(traced.result, tangent);
        return found.filter((leaf) => leaf !== null);
      });
      return { program, nonzero: found.map((leaf) => leaf !== null) };
    });
    const parameters = { body: traced.program, derivative, ...(options.bodyDerives === true && { bodyDerives: true }) };
    return withLeaves(traced.result, emitOf(calls, "custom", parameters, leaves)) as Result;
  };
}

const what = "define a derivative";

/** Each mask is asked for once. */
function remembered(make: CustomDerivative): CustomDerivative {
  const known = new Map<string, ReturnType<CustomDerivative>>();
  return (nonzero) => {
    const key = nonzero.map(Number).join("");
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make(nonzero);
    known.set(key, made);
    return made;
  };
}

/** The tangents, leaf by leaf of the result; null where the result is not of floats. */
function expectTangents(result: unknown, tangent: unknown): (Tensor | null)[] {
  const types = specLeaves(result);
  const found = leavesOrNull(arrangedLike(result, tangent, what));
  const tensors = types.map((type, i): Tensor | null => {
    const leaf = found[i];
    if (!isFloat(type.dtype) || leaf === null || leaf === undefined) return null;
    return isTensor(leaf) ? leaf : asTensor(leaf as TensorLike, type.dtype);
  });
  const odd = types.find((type, i) => tensors[i] != null && showType(tensors[i] as Tensor) !== showType(type));
  if (found.length === types.length && odd === undefined) return tensors;
  throw new TensorError(
    `Cannot use a derivative: expected tangents ${types.map(showType).join(", ")}, got ${found.map((leaf) => (leaf === null ? "null" : showType(asTensor(leaf as TensorLike, "float64")))).join(", ")}`,
    "Return a tree like the result: for each of its tensors a tangent of its type, or null for zero.",
  );
}

/** @internal The leaves of a tree in which null may stand for one. */
export function leavesOrNull(tree: unknown): unknown[] {
  if (tree === null || isLeaf(tree)) return [tree];
  if (Array.isArray(tree)) return tree.flatMap(leavesOrNull);
  if (typeof tree === "object") return Object.values(tree as object).flatMap(leavesOrNull);
  mapTree(tree, (leaf) => leaf);
  return [];
}
