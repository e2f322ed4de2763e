/**
 * Adam and its form with decoupled weight decay.
 */

import { add, div, expm1, mul, neg, sqrt, square, sub, type Tensor } from "@leastaction/tensor";
import { hostMath } from "../host-math/host-math.ts";
import { type Optimizer, optimizerOf, type SharedOptimizerOptions } from "./optimizer.ts";

/** Options of `adam`. */
export interface AdamOptions extends SharedOptimizerOptions {
  /** Decay of the mean of the gradient, 0 to below 1; default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of its square, 0 to below 1; default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment; default 1e-8. */
  readonly epsilon?: number;
}

/** Options of `adamW`. */
export interface AdamWOptions extends AdamOptions {
  /** Each update first multiplies parameters by 1 - rate x this; default 0.01. */
  readonly weightDecay?: number;
}

/**
 * Adam: Kingma, Ba, 2015, algorithm 1, arXiv:1412.6980.
 *
 * m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g²; p <- p - rate m^ / (sqrt(v^) + epsilon), where m^ = m / (1 - b1^t)
 * and v^ = v / (1 - b2^t) at update t = 1, 2, …
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return adaptiveMoments("adam", "arXiv:1412.6980", { ...options, weightDecay: 0 });
}

/** Adam with decoupled weight decay: Loshchilov, Hutter, 2019, algorithm 2, arXiv:1711.05101. */
export function adamW(options: AdamWOptions = {}): Optimizer {
  return adaptiveMoments("adamW", "arXiv:1711.05101", { weightDecay: 0.01, ...options });
}

function adaptiveMoments(
  name: string,
  cites: string,
  options: AdamWOptions & { readonly weightDecay: number },
): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, l2 = 0, weightDecay } = options;
  return optimizerOf({
    name,
    cites: [cites],
    moments: 2,
    l2,
    factors: (count, rate) => ({
      rate: div(rate, complementOfPower(beta1, count)),
      rootScale: div(1, sqrt(complementOfPower(beta2, count))),
      keep: sub(1, mul(rate, weightDecay)),
    }),
    apply: (gradient, [mean, meanSquare], parameter, { rate, rootScale, keep }) => {
      const m = movingAverage(mean as Tensor, gradient, beta1);
      const v = movingAverage(meanSquare as Tensor, square(gradient), beta2);
      const change = div(mul(rate, m), add(mul(sqrt(v), rootScale), epsilon));
      return [sub(weightDecay === 0 ? parameter : mul(parameter, keep), change), m, v];
    },
  });
}

/** @internal beta mean + (1 - beta) x. */
export function movingAverage(mean: Tensor, x: Tensor, beta: number): Tensor {
  return add(mul(mean, beta), mul(x, 1 - beta));
}

/** @internal 1 - beta^count, without cancellation; 1 when beta is 0. */
export function complementOfPower(beta: number, count: Tensor): Tensor {
  return neg(expm1(mul(count, Math.max(hostMath.log(beta), -1e3))));
}
