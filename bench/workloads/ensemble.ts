/**
 * `ensemble`: 10,000 pendulums th'' = -sin th from rest at own amplitudes to t = 50, each with its own step sizes.
 *
 * Tsit5 with tolerances of 1e-6. The exact states, by Jacobi's elliptic functions, are those of `reference/ensemble.json`.
 */
import { solve } from "@leastaction/dynamics";
import { at, neg, sin, stack, type Tensor, vmap } from "@leastaction/tensor";
import { pendulumAt } from "./exact-pendulum.ts";
import { uniform } from "./random.ts";
import type { Solved, SolveWorkload } from "./solve-workload.ts";
import { tensorOf } from "./workload.ts";

const lanes = 10_000;

/** The workload. */
export const ensemble: SolveWorkload = {
  id: "ensemble",
  steps: 1,
  start: () =>
    tensorOf(
      amplitudes().flatMap((amplitude) => [amplitude, 0]),
      [lanes, 2],
      "float64",
    ),
  end: 50,
  checkAt: 50,
  expected: () => amplitudes().flatMap((amplitude) => pendulumAt(amplitude, 50)),
  solve: (starts, end) =>
    vmap((start: Tensor): Solved<Tensor> => {
      const options = { rtol: 1e-6, atol: 1e-6, adjoint: "none" } as const;
      const { y, statistics } = solve({ field, t0: 0, t1: end, y0: start, ...options });
      return { end: y, accepted: statistics.accepted, rejected: statistics.rejected };
    })(starts),
};

function amplitudes(): number[] {
  return Array.from({ length: lanes }, (_, k) => 0.1 + 2.9 * uniform(1, k));
}

function field(_t: Tensor, state: Tensor): Tensor {
  return stack([at(state, 1), neg(sin(at(state, 0)))]);
}
