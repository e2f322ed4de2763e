/**
 * Gradient descent with momentum.
 */
import { add, mul, sub } from "@leastaction/tensor";
import { type Optimizer, optimizerOf, type SharedOptimizerOptions } from "./optimizer.ts";

/** Options of `sgd`. */
export interface SgdOptions extends SharedOptimizerOptions {
  /** 0 to below 1; default 0, plain gradient descent. */
  readonly momentum?: number;
}

/**
 * u <- momentum u + g; p <- p - rate u.
 * Polyak, 1964, "Some methods of speeding up the convergence of iteration methods", doi:10.1016/0041-5553(64)90137-5.
 */
export function sgd({ momentum = 0, l2 = 0 }: SgdOptions = {}): Optimizer {
  return optimizerOf({
    name: "sgd",
    cites: ["doi:10.1016/0041-5553(64)90137-5"],
    moments: momentum === 0 ? 0 : 1,
    l2,
    factors: (_count, rate) => ({ rate }),
    apply: (gradient, [velocity], parameter, { rate }) => {
      if (velocity === undefined) return [sub(parameter, mul(rate, gradient))];
      const next = add(mul(velocity, momentum), gradient);
      return [sub(parameter, mul(rate, next)), next];
    },
  });
}
