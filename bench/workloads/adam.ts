/**
 * Adam over named parameters, as a user would write it: Kingma, Ba, 2015, algorithm 1, arXiv:1412.6980.
 *
 * Decays 0.9 and 0.999, epsilon 1e-8. The number of updates is part of the state, in the element type of the parameters
 * (exact far beyond any run here); 1 - beta^t is taken by expm1, without cancellation.
 */
import { add, div, expm1, mul, neg, sqrt, type Tensor } from "@leastaction/tensor";
import { clipByNorm, leafOf, mapNamed, type Optimiser, zerosLike } from "./optimiser.ts";
import { scalar } from "./workload.ts";

/** What differs between workloads. */
export interface AdamOptions {
  /** 1e-3 unless said otherwise. */
  readonly rate?: number;
  /** Added to the gradient, times the parameter; 0 unless said otherwise. */
  readonly decay?: number;
  /** Greatest norm of the whole gradient; no limit unless said otherwise. */
  readonly clip?: number;
}

/** Adam with the constants of a workload. */
export function adam({ rate = 1e-3, decay = 0, clip = Number.POSITIVE_INFINITY }: AdamOptions = {}): Optimiser {
  return {
    start: (parameters, dtype) => {
      const zeros = zerosLike(parameters, dtype);
      return { mean: zeros, meanSquare: zeros, updates: { count: scalar(0, dtype) } };
    },
    update: (parameters, gradient, { mean, meanSquare, updates }) => {
      const count = add((updates as { count: Tensor }).count, 1);
      const clipped = clip === Number.POSITIVE_INFINITY ? gradient : clipByNorm(gradient, clip);
      const slope = mapNamed(clipped, (g, name) => (decay === 0 ? g : add(g, mul(decay, leafOf(parameters, name)))));
      const m = mapNamed(slope, (g, name) => add(mul(0.9, leafOf(mean as typeof slope, name)), mul(0.1, g)));
      const v = mapNamed(slope, (g, name) =>
        add(mul(0.999, leafOf(meanSquare as typeof slope, name)), mul(0.001, g, g)),
      );
      const scaled = div(rate, complementOfPower(0.9, count));
      const rootScale = div(1, sqrt(complementOfPower(0.999, count)));
      const moved = mapNamed(parameters, (p, name) =>
        add(p, neg(div(mul(scaled, leafOf(m, name)), add(mul(rootScale, sqrt(leafOf(v, name))), 1e-8)))),
      );
      return { parameters: moved, state: { mean: m, meanSquare: v, updates: { count } } };
    },
  };
}

/** 1 - beta^count. */
function complementOfPower(beta: number, count: Tensor): Tensor {
  return neg(expm1(mul(Math.log(beta), count)));
}
