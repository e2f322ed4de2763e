/**
 * Positions found by comparing: of the largest and the smallest, and where values belong in a sorted list. They are int32
 * and carry no derivative.
 */
import { isFloat } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { broadcastTo, single, unify } from "../ops/broadcasting.ts";
import { and, equal, less, lessEqual, notEqual, or, select } from "../ops/comparison.ts";
import { add, sub } from "../ops/elementwise.ts";
import { take } from "../ops/indexing.ts";
import { expandDimensions, iota } from "../ops/movement.ts";
import { max, min } from "../ops/reduction.ts";
import { showType } from "../program/infer.ts";
import { normalizeAxis } from "../shape.ts";
import { array, asTensor, full, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { scan } from "./control-flow.ts";

/**
 * The position of the largest element along an axis; of equal ones the first. NaN is chosen only when there is nothing
 * else, and then the first.
 *
 * @param x Of any numeric type; at least one element along the axis.
 * @returns int32, without the axis.
 * Errors: an axis out of range, or of no elements.
 * @example
 * evaluate((x: Tensor) => argMax(x, 0), array([2, NaN, 7, 7])).data; // => [2]
 */
export function argMax(x: TensorLike, axis = -1): Tensor {
  return extremePosition("argMax", x, axis);
}

/**
 * The position of the smallest element along an axis, as `argMax`.
 *
 * @example
 * evaluate((x: Tensor) => argMin(x, 0), array([2, 1, NaN, 1])).data; // => [1]
 */
export function argMin(x: TensorLike, axis = -1): Tensor {
  return extremePosition("argMin", x, axis);
}

function extremePosition(operation: "argMax" | "argMin", x: TensorLike, axis: number): Tensor {
  const tensor = single(x);
  const place = normalizeAxis(operation, axis, tensor.shape.length);
  const extent = tensor.shape[place] as number;
  if (extent === 0) {
    throw new TensorError(
      `Cannot ${operation}: expected at least one element along axis ${place}, got ${showType(tensor)}`,
      "There is no position in an empty axis.",
    );
  }
  const worst = operation === "argMax" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const isNumber = equal(tensor, tensor);
  const numbers = isFloat(tensor.dtype) ? select(isNumber, tensor, worst) : tensor;
  const extreme = expandDimensions(operation === "argMax" ? max(numbers, place) : min(numbers, place), place);
  const attained = and(equal(numbers, extreme), isNumber);
  const found = min(select(attained, iota(tensor.shape, place), extent), place);
  return select(equal(found, extent), 0, found);
}

/** Options of `searchSorted`. */
export interface SearchSortedOptions {
  /** Where a value goes among equal ones: before them, or behind. Default: "left". */
  readonly side?: "left" | "right";
}

/**
 * How many elements of a sorted list come before each value: where the value could be put in without breaking the order.
 * Found by bisection; NaN belongs behind all numbers, as `sort` puts it.
 *
 * @param sorted One axis in ascending order (not checked).
 * @param values Of the same type, any shape.
 * @returns int32 of the shape of `values`, from 0 to the length of `sorted`.
 * Errors: a list of other than one axis; other element types.
 * @example
 * const places = (values: Tensor) => searchSorted(array([1, 3, 3, 8]), values);
 * evaluate(places, array([0, 3, 9])).data; // => [0, 1, 4]
 */
export function searchSorted(
  sorted: TensorLike,
  values: TensorLike,
  { side = "left" }: SearchSortedOptions = {},
): Tensor {
  const [list, wanted] = unify("searchSorted", [sorted, values]) as [Tensor, Tensor];
  const [extent] = list.shape;
  if (extent === undefined || list.shape.length !== 1) {
    throw new TensorError(
      `Cannot searchSorted: expected a list of one axis, got ${showType(list)}`,
      "Use vmap for one list in each row.",
    );
  }
  const none = full(wanted.shape, 0, "int32");
  if (extent === 0) return none;
  const isNone = notEqual(wanted, wanted);
  const isBefore = (element: Tensor): Tensor =>
    side === "left"
      ? or(less(element, wanted), and(isNone, equal(element, element)))
      : or(lessEqual(element, wanted), isNone);
  const steps: number[] = [];
  for (let step = 1; step <= extent; step *= 2) steps.unshift(step);
  const [found] = scan(
    (position: Tensor, step: Tensor) => {
      const next = add(position, broadcastTo(step, wanted.shape));
      const isPast = and(lessEqual(next, extent), isBefore(take(list, sub(next, 1))));
      return [select(isPast, next, position), {}] as const;
    },
    none,
    asTensor(array(steps, [steps.length], "int32"), "int32"),
  );
  return found;
}
