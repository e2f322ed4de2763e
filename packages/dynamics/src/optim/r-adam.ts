/**
 * Rectified Adam.
 */
import { add, div, greater, maximum, mul, select, sqrt, square, sub, type Tensor } from "@leastaction/tensor";
import { type AdamOptions, complementOfPower, movingAverage } from "./adam.ts";
import { type Optimizer, optimizerOf } from "./optimizer.ts";

/**
 * RAdam: Liu, Jiang, He, Chen, Liu, Gao, Han, 2020, algorithm 2, arXiv:1908.03265.
 *
 * With rho_inf = 2 / (1 - b2) - 1 and rho_t = rho_inf - 2 t b2^t / (1 - b2^t): while rho_t <= 5 the step is rate m^,
 * afterwards rate m^ r_t sqrt(1 - b2^t) / (sqrt(v) + epsilon) with
 * r_t² = (rho_t - 4)(rho_t - 2) rho_inf / ((rho_inf - 4)(rho_inf - 2) rho_t); epsilon stands where PyTorch puts it.
 */
export function rAdam(options: AdamOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, l2 = 0 } = options;
  return optimizerOf({
    name: "rAdam",
    cites: ["arXiv:1908.03265"],
    moments: 2,
    l2,
    factors: (count, rate) => {
      const meanRate = div(rate, complementOfPower(beta1, count));
      const { rectified, factor } = rectification(beta2, count);
      const none = mul(rate, 0);
      return {
        plain: select(rectified, none, meanRate),
        adaptive: select(rectified, mul(meanRate, factor), none),
      };
    },
    apply: (gradient, [mean, meanSquare], parameter, { plain, adaptive }) => {
      const m = movingAverage(mean as Tensor, gradient, beta1);
      const v = movingAverage(meanSquare as Tensor, square(gradient), beta2);
      const scale = add(plain, div(adaptive, add(sqrt(v), epsilon)));
      return [sub(parameter, mul(scale, m)), m, v];
    },
  });
}

function rectification(beta2: number, count: Tensor): { readonly rectified: Tensor; readonly factor: Tensor } {
  const limit = 2 / (1 - beta2) - 1;
  const rest = complementOfPower(beta2, count);
  const length = sub(limit, div(mul(2, count, sub(1, rest)), rest));
  const rectified = greater(length, 5);
  // Below 5 the root is not used, but must stay finite.
  const safe = maximum(length, 5);
  const ratio = div(mul(sub(safe, 4), sub(safe, 2), limit), mul(safe, (limit - 4) * (limit - 2)));
  return { rectified, factor: mul(sqrt(ratio), sqrt(rest)) };
}
