/**
 * Sums of states: what the stages of a solver are made of.
 */
import { add, convert, mul, sizeOf, type Tensor, type TensorLike } from "@leastaction/tensor";
import { mapTensors, tensorsOf, zipTensors } from "../nn/tensor-tree.ts";

/** A slope and its coefficient. */
interface Term<Y> {
  readonly slope: Y;
  readonly weight: number;
}

/**
 * y + h sum_i c_i k_i, by element, in the element type of each leaf; terms with c_i = 0 are left out. From the last slope,
 * the newest one, to the result it is one product and two sums. The others are multiplied by numbers h c_i, which are known
 * early, or, where the state has fewer elements than there are such slopes, their sum is multiplied by h.
 *
 * @param base absent: zero
 * @param h float64 scalar
 */
export function combine<Y>(base: Y | null, h: Tensor, coefficients: readonly number[], slopes: readonly Y[]): Y {
  const used = slopes.map((slope, i) => ({ slope, weight: coefficients[i] ?? 0 })).filter(({ weight }) => weight !== 0);
  if (used.length === 0) return base ?? mapTensors((leaf) => mul(leaf, 0), slopes[0] as Y);
  const increment = incrementOf(h, used);
  return base === null ? increment : zipTensors(add, base, increment);
}

function incrementOf<Y>(h: Tensor, terms: readonly Term<Y>[]): Y {
  const [older, newest] = [terms.slice(0, -1), terms.slice(-1)];
  if (elementsIn(newest[0]?.slope) >= older.length) return sumOf(terms, (weight) => mul(h, weight));
  const known = mapTensors(
    (leaf) => mul(convert(h, leaf.dtype), leaf),
    sumOf(older, (weight) => weight),
  );
  return zipTensors(
    add,
    known,
    sumOf(newest, (weight) => mul(h, weight)),
  );
}

/** sum_i w_i k_i. */
function sumOf<Y>(terms: readonly Term<Y>[], factor: (weight: number) => TensorLike): Y {
  const [first, ...rest] = terms.map(({ slope }) => slope) as [Y, ...Y[]];
  return zipTensors(
    (...leaves) => {
      const parts = leaves.map((leaf, i) => mul(leaf, convert(factor((terms[i] as Term<Y>).weight), leaf.dtype)));
      const [head, ...tail] = parts as [Tensor, ...Tensor[]];
      return add(head, ...tail);
    },
    first,
    ...rest,
  );
}

function elementsIn(tree: unknown): number {
  return tensorsOf(tree).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/**
 * The same with the newest slope added last, to a sum that is known before it: from the slope to the result it is one
 * product and one sum. The result is rounded twice in the size of y, which does not matter for the stages of a step.
 */
export function combineLate<Y>(base: Y, h: Tensor, coefficients: readonly number[], slopes: readonly Y[]): Y {
  const older = slopes.length - 1;
  const known = combine(base, h, coefficients.slice(0, older), slopes.slice(0, older));
  return combine(known, h, coefficients.slice(older), slopes.slice(older));
}

/** The same where the slopes are known before h: y + h sum_i c_i k_i, which waits for h alone. */
export function combineEarly<Y>(base: Y, h: Tensor, coefficients: readonly number[], slopes: readonly Y[]): Y {
  const terms = slopes.map((slope, i) => ({ slope, weight: coefficients[i] ?? 0 }));
  const sum = sumOf(terms, (weight) => weight);
  return zipTensors((leaf, change) => add(leaf, mul(convert(h, leaf.dtype), change)), base, sum);
}

/**
 * The same with the sum in float64. Where large coefficients cancel, as in the dense output of methods of high order, a sum
 * in float32 would lose what the slopes know.
 */
export function combineInFloat64<Y>(
  base: Y | null,
  h: Tensor,
  coefficients: readonly number[],
  slopes: readonly Y[],
): Y {
  const wide = (tree: Y): Y => mapTensors((leaf) => convert(leaf, "float64"), tree);
  const found = combine(base === null ? null : wide(base), h, coefficients, slopes.map(wide));
  return zipTensors((leaf, like) => convert(leaf, like.dtype), found, slopes[0] as Y);
}

/**
 * The cubic that meets values and slopes at both ends of a step (Hermite): its coefficients in theta = 0 .. 1.
 */
export function hermiteCubic<Y>(h: Tensor, y0: Y, y1: Y, slope0: Y, slope1: Y): readonly Y[] {
  const change = zipTensors((b, a) => add(b, mul(a, -1)), y1, y0);
  const cubic = (changeWeight: number, weights: readonly number[]): Y =>
    zipTensors((c, s) => add(mul(c, changeWeight), s), change, combine(null, h, weights, [slope0, slope1]));
  return [y0, combine(null, h, [1], [slope0]), cubic(3, [-2, -1]), cubic(-2, [1, 1])];
}
