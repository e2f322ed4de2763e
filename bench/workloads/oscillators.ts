/**
 * What both forms of `sho-node` learn from and start with: trajectories of the harmonic oscillator, and a small network.
 */
import type { HostTensor } from "@leastaction/tensor";
import { normal, startWeights } from "./random.ts";
import { type Named, type Precision, tensorOf } from "./workload.ts";

const units = 32;

/** The oscillators of `sho-node`. */
export const oscillators = {
  trajectories: 1000,
  /** Times from 0 to `end`, both included. */
  times: 50,
  end: 10,
  /** Of z' = tanh(z W1 + b1) W2 + b2. */
  startParameters(dtype: Precision): Named<HostTensor> {
    const { take } = startWeights();
    return {
      W1: tensorOf(take(2, 2 * units), [2, units], dtype),
      b1: tensorOf(take(2, units), [units], dtype),
      W2: tensorOf(take(units, 2 * units), [units, 2], dtype),
      b2: tensorOf(take(units, 2), [2], dtype),
    };
  },
  /** The true state [q, p] of trajectory j at time k; that at time 0 is the start state. */
  stateOf(j: number, k: number): [number, number] {
    const [q, p] = [normal(1, 2 * j), normal(1, 2 * j + 1)];
    const t = (oscillators.end * k) / (oscillators.times - 1);
    return [q * Math.cos(t) + p * Math.sin(t), p * Math.cos(t) - q * Math.sin(t)];
  },
} as const;
