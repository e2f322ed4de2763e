/**
 * The value of a function and its derivative as a linear function, for many tangents at one point.
 */
import { arrangedLike, withLeaves } from "../pytree.ts";
import { inline } from "../trace/builder.ts";
import { full, type Tensor } from "../trace/tensor.ts";
import { tensorLeaves, traceClosure } from "../trace/trace.ts";
import type { TensorTree } from "./differentiate.ts";
import { linearPart } from "./linear-part.ts";

/** A function's result and its derivative at a point. */
export interface Pushforward<Result> {
  readonly value: TensorTree<Result>;
  /** The tangent of the result from tangents of the arguments (one tree each); may be called more than once. */
  readonly pushforward: (...tangents: readonly unknown[]) => TensorTree<Result>;
}

/**
 * The value of `f` and its derivative there: as `jvp`, but the values are computed once however many tangents follow. What
 * a `while` loop computes is computed again for each tangent.
 *
 * `vmap(pushforward)` applies it to a batch of tangents. To keep it beyond one compiled program, return its residuals:
 * `closureConvert(pushforward, [x])` has them as `captures`, and its `call` takes them back in another program.
 *
 * @param primals The arguments, each a tree of tensors.
 * @example
 * const f = (x: Tensor) => {
 *   const { value, pushforward } = linearize((y: Tensor) => mul(y, y), x);
 *   return [value, pushforward(array(1)), pushforward(array(10))];
 * };
 * evaluate(f, array(3)).map(({ data }) => data[0]); // => [9, 6, 60]
 */
export function linearize<Result>(
  f: (...inputs: never[]) => Result,
  ...primals: readonly unknown[]
): Pushforward<Result> {
  const traced = traceClosure(f, primals);
  const { outputs, program, residuals, mask, nonzero } = linearPart(traced, tensorLeaves(primals));
  return {
    value: withLeaves(traced.result, outputs) as TensorTree<Result>,
    pushforward: (...tangents) => {
      const given = tensorLeaves(arrangedLike(primals, tangents, "push tangents forward")).filter(
        (_, i) => mask[i] === true,
      );
      const found = inline(program, [...residuals, ...given]);
      let next = 0;
      const results = outputs.map(({ shape, dtype }, i) =>
        nonzero[i] === true ? (found[next++] as Tensor) : full(shape, 0, dtype),
      );
      return withLeaves(traced.result, results) as TensorTree<Result>;
    },
  };
}
