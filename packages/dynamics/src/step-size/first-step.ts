/**
 * The length of the first step.
 */
import { add, div, equal, full, less, maximum, minimum, mul, or, pow, select, type Tensor } from "@leastaction/tensor";
import { zipTensors } from "../nn/tensor-tree.ts";
import { combine } from "../solver/linear-combination.ts";
import type { Field } from "../solver/solver.ts";
import { errorNorm, type Tolerances } from "./error-norm.ts";

/**
 * A first step from the size of y, f and the second derivative: Hairer, Nørsett, Wanner, 1993, "Solving ordinary
 * differential equations I", section II.4, "starting step size". One evaluation of the field besides `slope`.
 *
 * @param slope f(t, y)
 * @param direction 1 or -1, float64 scalar
 * @param span length of the whole integration, positive float64 scalar; the step is not longer
 * @param order of the solver's error estimate minus 1
 * @returns positive float64 scalar; NaN when the field is
 */
export function firstStep<Y>(
  field: Field<Y>,
  { t, y, slope, direction, span }: { t: Tensor; y: Y; slope: Y; direction: Tensor; span: Tensor },
  tolerances: Tolerances,
  order: number,
): Tensor {
  const size = errorNorm(y, tolerances, y);
  const speed = errorNorm(slope, tolerances, y);
  const small = full([], 1e-6, "float64");
  // Infinite: too large for its square, as where a component starts at 0 and its tolerance is all but 0.
  const tiny = or(or(less(size, 1e-5), less(speed, 1e-5)), equal(speed, Infinity));
  const guess = minimum(select(tiny, small, mul(0.01, div(size, maximum(speed, 1e-5)))), span);
  const h = mul(guess, direction);
  const ahead = field(add(t, h), combine(y, h, [1], [slope]));
  const change = zipTensors((b, a) => add(b, mul(a, -1)), ahead, slope);
  const curvature = div(errorNorm(change, tolerances, y), guess);
  const largest = maximum(speed, curvature);
  const fromCurvature = pow(div(0.01, maximum(largest, 1e-15)), 1 / (order + 1));
  const cautious = mul(guess, 1e-3);
  const measured = select(equal(largest, Infinity), cautious, fromCurvature);
  const refined = select(less(largest, 1e-15), maximum(small, cautious), measured);
  return minimum(minimum(mul(100, guess), refined), span);
}
