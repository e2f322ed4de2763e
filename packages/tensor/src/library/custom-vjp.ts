/**
 * Functions with a reverse mode of their own.
 */

import { calls } from "../dialect/calls.ts";
import { emitOf } from "../dialect/dialect.ts";
import { isFloat } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { showType } from "../program/infer.ts";
import type { Program } from "../program/primitive.ts";
import { arrangedLike, withLeaves } from "../pytree.ts";
import { build } from "../trace/builder.ts";
import { asTensor, full, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { type Spec, specLeaves, tensorLeaves } from "../trace/trace.ts";
import { customJvp, leavesOrNull } from "./custom-jvp.ts";
import { ownProgram } from "./own-program.ts";

/**
 * `f` whose gradient is what `backward` says: for a backward pass that is no derivative (clipped, noisy or replaced
 * gradients), or none that a rule of tangents could give.
 *
 * The limit: there is no forward mode, so `jvp` and forward over reverse (`hessian`, Hessian-vector products) refuse;
 * reverse over reverse differentiates `forward` and `backward` as they are written. Where the derivative is a true one,
 * `customJvp` with `linearCall`, `customRoot` or `customLinearSolve` gives all modes.
 *
 * @param f A function of trees of tensors; all three functions close over no tensors.
 * @param forward From the arguments to the residuals, a tree of tensors: what `backward` is to have.
 * @param backward From the residuals and a cotangent like the result (floats only count) to the cotangents of the
 *   arguments: a list of trees like them, null where zero.
 * @example
 * const clipped = customVjp((x: Tensor) => x, () => [], (_none, ct: Tensor) => [maximum(-1, minimum(ct, 1))]);
 * evaluate(grad((x: Tensor) => square(clipped(x))), array(5)).data; // => [1]
 *
 * Errors: closing over tensors; cotangents of other types than the arguments; forward mode.
 */
export function customVjp<Arguments extends readonly unknown[], Result, Residuals>(
  f: (...inputs: Arguments) => Result,
  forward: (...inputs: Arguments) => Residuals,
  backward: (residuals: Residuals, cotangent: Result) => readonly unknown[],
): (...inputs: Arguments) => Result {
  return customJvp(f, (inputs, result, tangents) => {
    const residuals = forward(...inputs);
    const isMoving = specLeaves(inputs).map(({ dtype }) => isFloat(dtype));
    const isChanging = specLeaves(result).map(({ dtype }) => isFloat(dtype));
    const moving = tensorLeaves(tangents).filter((_, i) => isMoving[i] === true);
    const changing = specLeaves(result).filter((_, i) => isChanging[i] === true);
    const kept = tensorLeaves(residuals);
    let made: Program | null = null;
    const transposed = (): Program => {
      made ??= ownProgram(what, [...kept, ...changing], (tensors) => {
        let next = kept.length;
        const cotangent = specLeaves(result).map(({ dtype, shape }, i) => {
          return isChanging[i] === true ? (tensors[next++] as Tensor) : full(shape, 0, dtype);
        });
        const given = withLeaves(residuals, tensors.slice(0, kept.length)) as Residuals;
        const found = backward(given, withLeaves(result, cotangent) as Result);
        return cotangentsOf(arrangedLike(inputs, found, what), specLeaves(inputs)).filter(
          (_, i) => isMoving[i] === true,
        );
      });
      return made;
    };
    const body = standIn([...kept, ...moving], changing);
    const outputs = emitOf(calls, "linear", { body, transposed, residuals: kept.length, onlyTransposed: true }, [
      ...kept,
      ...moving,
    ]);
    let next = 0;
    return withLeaves(
      result,
      specLeaves(result).map(({ dtype, shape }, i) =>
        isChanging[i] === true ? (outputs[next++] as Tensor) : full(shape, 0, dtype),
      ),
    );
  });
}

const what = "define a backward pass";

/** A program of the right types that never runs. */
function standIn(inputs: readonly Spec[], outputs: readonly Spec[]): Program {
  const types = inputs.map(({ dtype, shape }): Spec => ({ dtype, shape }));
  return build(types, () => outputs.map(({ dtype, shape }) => full(shape, 0, dtype))).program;
}

/** The cotangents, leaf by leaf of the arguments. */
function cotangentsOf(found: unknown, types: readonly Spec[]): Tensor[] {
  const leaves = leavesOrNull(found);
  const tensors = types.map(({ dtype, shape }, i) => {
    const leaf = leaves[i];
    return leaf === null || leaf === undefined || !isFloat(dtype)
      ? full(shape, 0, dtype)
      : asTensor(leaf as TensorLike, dtype);
  });
  const odd = types.find((type, i) => showType(tensors[i] as Tensor) !== showType(type));
  if (leaves.length === types.length && odd === undefined) return tensors;
  throw new TensorError(
    `Cannot ${what}: expected cotangents ${types.map(showType).join(", ")}, got ${leaves.map((leaf) => (leaf === null ? "null" : showType(asTensor(leaf as TensorLike, "float64")))).join(", ")}`,
    "Return a list of trees like the arguments: for each of their tensors a cotangent of its type, or null for zero.",
  );
}
