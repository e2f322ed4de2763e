/**
 * Derivatives of functions over trees: jvp, vjp, grad, valueAndGrad.
 *
 * Each traces the function into a program of its own, transforms that, and inlines the result into what is being
 * traced; tensors that the function closes over are inputs of its program and have derivative zero.
 */
import { isFloat } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { showType } from "../program/infer.ts";
import { expectForward } from "../program/only-transposed.ts";
import { arrangedLike, type MapLeaves, withLeaves } from "../pytree.ts";
import { inline } from "../trace/builder.ts";
import { full, type Tensor } from "../trace/tensor.ts";
import { type TracedFunction, tensorLeaves, traceClosure } from "../trace/trace.ts";
import { jvpProgram } from "./jvp-program.ts";
import { linearPart } from "./linear-part.ts";
import { transposeProgram } from "./transpose-program.ts";

/** A tree of tensors of the structure of `T`. */
export type TensorTree<T> = MapLeaves<T, Tensor>;

/**
 * The value of `f` at `primals` and its derivative along `tangents`.
 *
 * @param primals The arguments, each a tree of tensors.
 * @param tangents Trees of the same structure and shapes, float leaves only count.
 * @returns The result and its tangent, trees of one structure; tangents of leaves that are not floats are zero.
 * Errors: a function by `customVjp` on the way.
 */
export function jvp<Result>(
  f: (...inputs: never[]) => Result,
  primals: readonly unknown[],
  tangents: readonly unknown[],
): [TensorTree<Result>, TensorTree<Result>] {
  const traced = traceClosure(f, primals);
  const values = tensorLeaves(primals);
  const given = values.map((value) => isFloat(value.dtype));
  const nonzero = [...given, ...traced.captures.map(() => false)];
  const { program, nonzero: found } = jvpProgram(traced.program, nonzero);
  expectForward(program);
  const directions = tensorLeaves(arrangedLike(primals, tangents, "take a derivative along tangents")).filter(
    (_, i) => given[i] === true,
  );
  const outputs = inline(program, [...values, ...traced.captures, ...directions]);
  const results = outputs.slice(0, found.length);
  let next = found.length;
  const derivatives = found.map((flag, i) => (flag ? (outputs[next++] as Tensor) : zeroOf(results[i] as Tensor)));
  return [withLeaves(traced.result, results), withLeaves(traced.result, derivatives)] as [
    TensorTree<Result>,
    TensorTree<Result>,
  ];
}

/** A function's result and its pullback. */
export interface Pullback<Result> {
  readonly value: TensorTree<Result>;
  /** Cotangents of the arguments (one tree each) from a cotangent of the result; may be called more than once. */
  readonly pullback: (cotangent: unknown) => unknown[];
}

/**
 * The value of `f` and the transpose of its derivative there.
 *
 * Errors: a result that depends on the arguments through a `while` loop, when the pullback is used.
 */
export function vjp<Result>(f: (...inputs: never[]) => Result, ...primals: readonly unknown[]): Pullback<Result> {
  const traced = traceClosure(f, primals);
  const { outputs, pull } = reverse(traced, tensorLeaves(primals));
  return {
    value: withLeaves(traced.result, outputs) as TensorTree<Result>,
    pullback: (cotangent) => {
      const cotangents = tensorLeaves(arrangedLike(traced.result, cotangent, "pull a cotangent back"));
      return withLeaves(primals, pull(cotangents)) as unknown[];
    },
  };
}

interface Reverse {
  readonly outputs: readonly Tensor[];
  /** Cotangents of all inputs, zeros where none, from cotangents of all outputs. */
  readonly pull: (cotangents: readonly Tensor[]) => Tensor[];
}

function reverse(traced: TracedFunction<unknown>, values: readonly Tensor[], wanted?: readonly boolean[]): Reverse {
  const { outputs, program, residuals, mask, nonzero } = linearPart(traced, values, wanted);
  const linear = program.inputs.map((_, i) => i >= residuals.length);
  const pull = (cotangents: readonly Tensor[]): Tensor[] => {
    const transposed = transposeProgram(program, linear);
    const given = cotangents.filter((_, i) => nonzero[i] === true);
    const found = inline(transposed, [...residuals, ...given]);
    let next = 0;
    return values.map((value, i) => (mask[i] === true ? (found[next++] as Tensor) : zeroOf(value)));
  };
  return { outputs, pull };
}

/**
 * The function (…inputs) to [value, gradient with respect to the first argument].
 *
 * @param f Returns a float scalar. Its first argument is any tree of float tensors; leaves of other types get zeros.
 * Errors: a result that is not a float scalar.
 */
export function valueAndGrad<Arguments extends readonly unknown[]>(
  f: (...inputs: Arguments) => Tensor,
): (...inputs: Arguments) => [Tensor, TensorTree<Arguments[0]>] {
  return (...inputs) => {
    const traced = traceClosure(f as unknown as (...inputs: never[]) => Tensor, inputs);
    const [output] = traced.program.outputs;
    if (
      traced.program.outputs.length !== 1 ||
      output === undefined ||
      output.type.shape.length !== 0 ||
      !isFloat(output.type.dtype)
    ) {
      throw new TensorError(
        `Cannot take a gradient: expected a function to a float scalar, got ${traced.program.outputs.map(({ type }) => showType(type)).join(", ")}`,
        "Reduce the result with sum or mean, or use jacobian for a vector.",
      );
    }
    const first = tensorLeaves(inputs[0]).length;
    const values = tensorLeaves(inputs);
    const { outputs, pull } = reverse(
      traced,
      values,
      values.map((_, i) => i < first),
    );
    const gradient = pull([full([], 1, output.type.dtype)]).slice(0, first);
    return [outputs[0] as Tensor, withLeaves(inputs[0], gradient) as TensorTree<Arguments[0]>];
  };
}

/** The gradient of a function to a float scalar with respect to its first argument; see `valueAndGrad`. */
export function grad<Arguments extends readonly unknown[]>(
  f: (...inputs: Arguments) => Tensor,
): (...inputs: Arguments) => TensorTree<Arguments[0]> {
  return (...inputs) => valueAndGrad(f)(...inputs)[1];
}

function zeroOf({ shape, dtype }: Tensor): Tensor {
  return full(shape, 0, dtype);
}
