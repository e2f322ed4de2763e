/**
 * Less memory in reverse mode for some recomputation.
 */

import { calls } from "../dialect/calls.ts";
import { emitOf } from "../dialect/dialect.ts";
import { withLeaves } from "../pytree.ts";
import { type TracedFunction, tensorLeaves, traceClosure } from "../trace/trace.ts";

/**
 * The same function, whose gradient computes it again instead of keeping what it computed on the way: only its
 * arguments, and the tensors that it closes over, are kept.
 *
 * Worth it around the body of a loop or around a whole inner loop: of two nested loops of sqrt(N) turns each, the outer
 * one with a checkpoint as its body, a gradient keeps 2 sqrt(N) states instead of N and computes the values twice. In
 * straight-line code a target may share the two computations again. Differentiable to any order, and batchable.
 *
 * @example
 * const after100 = (w: Tensor) => {
 *   const ten = checkpoint((y: Tensor) => scan((z: Tensor) => [tanh(mul(w, z)), {}] as const, y, {}, { bound: 10 })[0]);
 *   return scan((y: Tensor) => [ten(y), {}] as const, full([], 1), {}, { bound: 10 })[0];
 * };
 * evaluate(grad(after100), array(1.1)).data.length; // => 1
 *
 * Source: Griewank, A. (1992), Achieving logarithmic growth of temporal and spatial complexity in reverse automatic
 * differentiation, doi:10.1080/10556789208805505; the two-level form is Chen, T. et al. (2016), arXiv:1604.06174.
 */
export function checkpoint<Arguments extends readonly unknown[], Result>(
  f: (...inputs: Arguments) => Result,
): (...inputs: Arguments) => Result {
  return (...inputs) => {
    const traced: TracedFunction<Result> = traceClosure(f as unknown as (...inputs: never[]) => Result, inputs);
    const results = emitOf(calls, "checkpoint", { body: traced.program }, [
      ...tensorLeaves(inputs),
      ...traced.captures,
    ]);
    return withLeaves(traced.result, results) as Result;
  };
}
