/**
 * From a function that uses outer tensors to one that takes them as arguments.
 */
import { arrangedLike, withLeaves } from "../pytree.ts";
import { inline } from "./builder.ts";
import type { Tensor } from "./tensor.ts";
import { type Traced, tensorLeaves, traceClosure } from "./trace.ts";

/** A function with nothing hidden. */
export interface ClosureConverted<Arguments extends readonly unknown[], Result> {
  /** The outer tensors that the function used, each once. */
  readonly captures: readonly Tensor[];
  /** The function with values for the captures in front. */
  readonly call: (captures: readonly Tensor[], ...inputs: Arguments) => Result;
}

/**
 * Makes the tensors that a function closes over visible, for rules that must name everything a result depends on.
 *
 * @param f A function of trees of tensors, traced once.
 * @param inputs Arguments of the types that it will be called with: tensors, host tensors, types, numbers.
 */
export function closureConvert<Arguments extends readonly unknown[], Result>(
  f: (...inputs: Arguments) => Result,
  inputs: readonly unknown[],
): ClosureConverted<Arguments, Traced<Result>> {
  const { program, captures, result } = traceClosure(f as unknown as (...inputs: never[]) => Result, inputs);
  return {
    captures,
    call: (values, ...given) =>
      withLeaves(
        result,
        inline(program, [...tensorLeaves(arrangedLike(inputs, given, "call a converted function")), ...values]),
      ) as Traced<Result>,
  };
}
