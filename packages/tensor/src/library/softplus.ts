/**
 * ln(1 + e^x) and its slope, the logistic function, with derivatives of their own: t s, and then t s (1 - s).
 *
 * What the formulas below have by themselves is the same but costs several operations for each tangent. Both functions
 * share e^-|x|, whose |x| is that of the left side at 0, so that they are smooth there without those rules too.
 */

import { single } from "../ops/broadcasting.ts";
import { lessEqual, select } from "../ops/comparison.ts";
import { add, div, exp, mul, neg, relu, sub } from "../ops/elementwise.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { customJvp } from "./custom-jvp.ts";
import { log1p } from "./logarithm.ts";

const decay = (x: Tensor): Tensor => exp(select(lessEqual(x, 0), x, neg(x)));

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

/** 1 / (1 + e^-x), to the last digits on both sides: e^x where that is all there is. */
export function sigmoid(x: TensorLike): Tensor {
  return logistic(single(x));
}

/** ln(1 + e^x), without overflow; softplus'(x) = 1 / (1 + e^-x). */
export function softplus(x: TensorLike): Tensor {
  return smoothHinge(single(x));
}

/** ln(1 / (1 + e^-x)), exact far out on both sides: -softplus(-x). */
export function logSigmoid(x: TensorLike): Tensor {
  return neg(softplus(neg(single(x))));
}
