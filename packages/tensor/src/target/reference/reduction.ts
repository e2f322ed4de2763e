/**
 * Meaning of the reductions; sums accumulate in float64, integers modulo 2^32.
 */
import { allocate, isFloat } from "../../dtype.ts";
import type { Reduction } from "../../program/primitive.ts";
import type { HostTensor } from "../../pytree.ts";
import { sizeOf, stridesOf } from "../../shape.ts";
import type { Evaluator } from "./evaluator.ts";
import { positionOf, walk } from "./movement.ts";

const least = { float32: -Infinity, float64: -Infinity, int32: -(2 ** 31), uint32: 0, bool: 0 };
const greatest = { float32: Infinity, float64: Infinity, int32: 2 ** 31 - 1, uint32: 2 ** 32 - 1, bool: 1 };

function reduce(
  start: (x: HostTensor) => number,
  combine: (a: number, b: number, x: HostTensor) => number,
): Evaluator<Reduction> {
  return ({ axes }, [input], [type]) => {
    const x = input as HostTensor;
    const { dtype, shape } = type as HostTensor;
    const totals = new Float64Array(sizeOf(shape)).fill(start(x));
    const strides = stridesOf(shape);
    walk(x.shape, (index, position) => {
      const target = positionOf(
        index.filter((_, axis) => !axes.includes(axis)),
        strides,
      );
      totals[target] = combine(totals[target] as number, x.data[position] as number, x);
    });
    const data = allocate(dtype, totals.length);
    data.set(totals);
    return [{ dtype, shape, data }];
  };
}

/** One evaluator for each reduction. */
export const reduction: { [P in Reduction]: Evaluator<P> } = {
  reduceSum: reduce(
    () => 0,
    (a, b, { dtype }) => (isFloat(dtype) ? a + b : (a + b) | 0),
  ),
  reduceMax: reduce(
    ({ dtype }) => least[dtype],
    (a, b) => Math.max(a, b),
  ),
  reduceMin: reduce(
    ({ dtype }) => greatest[dtype],
    (a, b) => Math.min(a, b),
  ),
};
