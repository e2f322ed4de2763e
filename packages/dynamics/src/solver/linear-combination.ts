/**
 * Sums of states: what the stages of a solver are made of.
 */
import { add, convert, mul, type Tensor } from "@leastaction/tensor";
import { mapTensors, zipTensors } from "../nn/tensor-tree.ts";

/**
 * y + sum_i (h c_i) k_i, by element, in the element type of each leaf; terms with c_i = 0 are left out. The products h c_i
 * are one number each and known early, so that from the newest slope to the result it is one product and two sums.
 *
 * @param base absent: zero
 * @param h float64 scalar
 */
export function combine<Y>(base: Y | null, h: Tensor, coefficients: readonly number[], slopes: readonly Y[]): Y {
  const used = slopes.map((slope, i) => ({ slope, weight: coefficients[i] ?? 0 })).filter(({ weight }) => weight !== 0);
  const [first, ...rest] = used;
  if (first === undefined) return base ?? mapTensors((leaf) => mul(leaf, 0), slopes[0] as Y);
  const increment = zipTensors(
    (...leaves) => {
      const terms = leaves.map((leaf, i) => mul(leaf, convert(mul(h, used[i]?.weight ?? 0), leaf.dtype)));
      const [head, ...tail] = terms as [Tensor, ...Tensor[]];
      return add(head, ...tail);
    },
    first.slope,
    ...rest.map(({ slope }) => slope),
  );
  return base === null ? increment : zipTensors(add, base, increment);
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
