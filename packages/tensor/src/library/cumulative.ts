/**
 * Sums, products and extremes of all elements so far along an axis.
 */

import { cumulative } from "../dialect/cumulative.ts";
import { emitOneOf } from "../dialect/dialect.ts";
import { single } from "../ops/broadcasting.ts";
import { equal, less, select } from "../ops/comparison.ts";
import { abs, add, exp, maximum, minimum, mul, stopGradient, sub } from "../ops/elementwise.ts";
import { at, moveAxis } from "../ops/movement.ts";
import { normalizeAxis } from "../shape.ts";
import { full, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { scan } from "./control-flow.ts";
import { log } from "./logarithm.ts";

/** Options of cumulative operations. */
export interface CumulativeOptions {
  /** The axis along which, counted from the end when negative. Default: the last. */
  readonly axis?: number;
  /** From the last element to the first: element i is made of i and all that follow. Default: false. */
  readonly reverse?: boolean;
}

/**
 * y[i] = x[0] + … + x[i] along an axis. Added within blocks of about √n and over blocks, so that the error grows with √n at
 * most. Linear; its transpose is the sum from the other end.
 *
 * @param x Of any numeric type, with at least one axis.
 * Errors: bool; an axis out of range.
 * @example
 * const sums = (x: Tensor) => cumulativeSum(x);
 * evaluate(sums, array([1, 2, 3, 4])).data; // => [1, 3, 6, 10]
 */
export function cumulativeSum(x: TensorLike, { axis = -1, reverse = false }: CumulativeOptions = {}): Tensor {
  const tensor = single(x);
  const place = normalizeAxis("cumulativeSum", axis, tensor.shape.length);
  return emitOneOf(cumulative, "cumulativeSum", { axis: place, reverse }, [tensor]);
}

/**
 * y[i] = x[0] … x[i] along an axis, one after another; derivatives are right where elements are 0.
 *
 * @example
 * const products = (x: Tensor) => cumulativeProduct(x);
 * evaluate(products, array([1, 2, 3, 4])).data; // => [1, 2, 6, 24]
 */
export function cumulativeProduct(x: TensorLike, options: CumulativeOptions = {}): Tensor {
  const tensor = single(x);
  return along("cumulativeProduct", tensor, options, (first) => full(first.shape, 1, first.dtype), mul);
}

/** The largest so far along an axis; NaN from the first NaN on. Two that tie share the derivative. */
export function cumulativeMax(x: TensorLike, options: CumulativeOptions = {}): Tensor {
  return along("cumulativeMax", single(x), options, (first) => first, maximum);
}

/** The smallest so far along an axis; NaN from the first NaN on. Two that tie share the derivative. */
export function cumulativeMin(x: TensorLike, options: CumulativeOptions = {}): Tensor {
  return along("cumulativeMin", single(x), options, (first) => first, minimum);
}

/**
 * ln(e^x[0] + … + e^x[i]) along an axis, without overflow; -infinity as long as all elements are, with derivative 0 there.
 *
 * @example
 * const sums = (x: Tensor) => exp(cumulativeLogSumExp(x));
 * evaluate(sums, array([-Infinity, 0, 0])).data; // => [0, 1, 2]
 */
export function cumulativeLogSumExp(x: TensorLike, { axis = -1, reverse = false }: CumulativeOptions = {}): Tensor {
  const tensor = single(x);
  const place = normalizeAxis("cumulativeLogSumExp", axis, tensor.shape.length);
  if (tensor.shape[place] === 0) return tensor;
  const series = moveAxis(tensor, place, 0);
  const { shape, dtype } = at(series, 0);
  const none = Number.NEGATIVE_INFINITY;
  // The sum so far is total e^top; top carries no derivative, since any other would give the same sum.
  const [, sums] = scan(
    ({ top, total }: { top: Tensor; total: Tensor }, element: Tensor) => {
      const highest = stopGradient(maximum(top, element));
      const shift = select(less(abs(highest), Number.POSITIVE_INFINITY), highest, 0);
      const next = add(mul(total, exp(sub(top, shift))), exp(sub(element, shift)));
      const isNone = equal(highest, none);
      const sum = add(shift, log(select(isNone, 1, next)));
      return [{ top: select(isNone, none, shift), total: next }, select(isNone, none, sum)] as const;
    },
    { top: full(shape, none, dtype), total: full(shape, 0, dtype) },
    series,
    { reverse },
  );
  return moveAxis(sums, 0, place);
}

function along(
  operation: string,
  tensor: Tensor,
  { axis = -1, reverse = false }: CumulativeOptions,
  start: (first: Tensor) => Tensor,
  join: (so: Tensor, element: Tensor) => Tensor,
): Tensor {
  const place = normalizeAxis(operation, axis, tensor.shape.length);
  if (tensor.shape[place] === 0) return tensor;
  const series = moveAxis(tensor, place, 0);
  const [, results] = scan(
    (so: Tensor, element: Tensor) => {
      const next = join(so, element);
      return [next, next] as const;
    },
    start(at(series, reverse ? -1 : 0)),
    series,
    { reverse },
  );
  return moveAxis(results, 0, place);
}
