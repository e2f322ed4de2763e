/**
 * The determinant by the factors of `lu`: the product of its diagonal, and -1 for every pair of rows that left its order.
 */
import { and, equal, less, notEqual, select, xor } from "../../ops/comparison.ts";
import { abs, convert, neg } from "../../ops/elementwise.ts";
import { expandDimensions, iota } from "../../ops/movement.ts";
import { sum } from "../../ops/reduction.ts";
import { emit, emitOne } from "../../trace/builder.ts";
import { full, type Tensor } from "../../trace/tensor.ts";
import type { Definition } from "./definition.ts";
import { diagonalOf } from "./lu.ts";

/** See `library/linear-algebra.ts`. */
export const logDeterminant: Definition<"logDeterminant"> = (_, [a]) => {
  const [factors, order] = emit("lu", {}, [a as Tensor]) as [Tensor, Tensor];
  const diagonal = diagonalOf(factors);
  const shape = factors.shape;
  const isLater = less(iota(shape, -2), iota(shape, -1));
  const isSmaller = less(expandDimensions(order, -2), expandDimensions(order, -1));
  const inversions = sum(convert(and(isLater, isSmaller), "int32"), [-2, -1]);
  const negatives = sum(convert(less(diagonal, 0), "int32"), -1);
  const magnitude = sum(emitOne("log", {}, [abs(diagonal)]), -1);
  const one = full(magnitude.shape, 1, magnitude.dtype);
  const sign = select(equal(and(xor(inversions, negatives), 1), 1), neg(one), one);
  const isNumber = equal(magnitude, magnitude);
  return [select(isNumber, select(notEqual(magnitude, Number.NEGATIVE_INFINITY), sign, 0), Number.NaN), magnitude];
};
