/**
 * RAdam over named parameters, as a user would write it: Liu et al., "On the variance of the adaptive learning rate and
 * beyond", 2020, algorithm 2, arXiv:1908.03265, with the threshold (5) and epsilon of PyTorch.
 *
 * Decays 0.9 and 0.999, epsilon 1e-8. The number of updates and what depends on it alone are float64 whatever the
 * parameters are: the length of the averaged window is a difference of numbers near 2000.
 */
import { add, convert, div, expm1, greater, mul, neg, select, sqrt, sub, type Tensor } from "@leastaction/tensor";
import { clipByNorm, leafOf, mapNamed, type Optimiser, zerosLike } from "./optimiser.ts";
import { scalar } from "./workload.ts";

/** What differs between workloads. */
export interface RadamOptions {
  readonly rate: number;
  /** Greatest norm of the whole gradient; no limit unless said otherwise. */
  readonly clip?: number;
}

const longest = 2 / (1 - 0.999) - 1;

/** RAdam with the constants of a workload. */
export function radam({ rate, clip = Number.POSITIVE_INFINITY }: RadamOptions): Optimiser {
  return {
    start: (parameters, dtype) => {
      const zeros = zerosLike(parameters, dtype);
      return { mean: zeros, meanSquare: zeros, updates: { count: scalar(0, "float64") } };
    },
    update: (parameters, gradient, { mean, meanSquare, updates }) => {
      const count = add((updates as { count: Tensor }).count, 1);
      const slope = clip === Number.POSITIVE_INFINITY ? gradient : clipByNorm(gradient, clip);
      const m = mapNamed(slope, (g, name) => add(mul(0.9, leafOf(mean as typeof slope, name)), mul(0.1, g)));
      const v = mapNamed(slope, (g, name) =>
        add(mul(0.999, leafOf(meanSquare as typeof slope, name)), mul(0.001, g, g)),
      );
      const { adaptive, plainRate, adaptiveRate } = ratesAt(count, rate);
      const moved = mapNamed(parameters, (p, name) => {
        const { dtype } = p;
        const root = add(sqrt(leafOf(v, name)), 1e-8);
        const scale = select(adaptive, div(convert(adaptiveRate, dtype), root), convert(plainRate, dtype));
        return add(p, neg(mul(scale, leafOf(m, name))));
      });
      return { parameters: moved, state: { mean: m, meanSquare: v, updates: { count } } };
    },
  };
}

interface Rates {
  /** Whether the window is long enough for its mean square to be trusted. */
  readonly adaptive: Tensor;
  /** Times the mean, while it is not. */
  readonly plainRate: Tensor;
  /** Times the mean over the root of the mean square, once it is. */
  readonly adaptiveRate: Tensor;
}

function ratesAt(count: Tensor, rate: number): Rates {
  const forgotten = complementOfPower(0.999, count);
  const window = sub(longest, div(mul(2, count, sub(1, forgotten)), forgotten));
  const rectified = div(mul(sub(window, 4), sub(window, 2), longest), mul((longest - 4) * (longest - 2), window));
  const plainRate = div(rate, complementOfPower(0.9, count));
  return {
    adaptive: greater(window, 5),
    plainRate,
    adaptiveRate: mul(plainRate, sqrt(mul(rectified, forgotten))),
  };
}

/** 1 - beta^count. */
function complementOfPower(beta: number, count: Tensor): Tensor {
  return neg(expm1(mul(Math.log(beta), count)));
}
