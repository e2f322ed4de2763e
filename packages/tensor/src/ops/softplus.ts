/**
 * ln(1 + e^x) and its slope, the logistic function, with derivatives of their own: t s, and then t s (1 - s).
 *
 * What the formulas below have by themselves is the same but costs several operations for each tangent, and at 0 it is one
 * of the two one-sided halves. Both functions share e^-|x|.
 */
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { single } from "./broadcasting.ts";
import { lessEqual, select } from "./comparison.ts";
import { customJvp } from "./custom-jvp.ts";
import { abs, add, div, exp, log1p, mul, neg, relu, sub } from "./elementwise.ts";

const decay = (x: Tensor): Tensor => exp(neg(abs(x)));

const logistic = customJvp(
  (x: Tensor): Tensor => div(select(lessEqual(x, 0), decay(x), 1), add(decay(x), 1)),
  (_, s, [t]) => mul(t, mul(s, sub(1, s))),
  { bodyDerives: true },
);

const smoothHinge = customJvp(
  (x: Tensor): Tensor => add(relu(x), log1p(decay(x))),
  ([x], _, [t]) => mul(t, logistic(x)),
  { bodyDerives: true },
);

/** ln(1 + e^x), without overflow; softplus'(x) = 1 / (1 + e^-x). */
export function softplus(x: TensorLike): Tensor {
  return smoothHinge(single(x));
}
