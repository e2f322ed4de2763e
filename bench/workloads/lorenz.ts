/**
 * `lorenz`, `lorenz-dopri5`: the system of Lorenz with its usual constants to t = 100, steps by an error of 1e-8.
 *
 * x' = 10 (y - x), y' = x (28 - z) - y, z' = x y - (8/3) z from (1, 0, 0). The system is chaotic, so that the error is
 * taken at t = 10.
 * Lorenz, "Deterministic nonperiodic flow", 1963, doi:10.1175/1520-0469(1963)020<0130:DNF>2.0.CO;2.
 */
import { dopri5, type Solver, solve, tsit5 } from "@leastaction/dynamics";
import { at, mul, stack, sub, type Tensor } from "@leastaction/tensor";
import { solveReferenceOf } from "../references.ts";
import type { SolveWorkload } from "./solve-workload.ts";
import { tensorOf } from "./workload.ts";

/** With the method of Tsitouras. */
export const lorenz: SolveWorkload = withSolver("lorenz", tsit5);

/** With the method of Dormand and Prince. */
export const lorenzDopri5: SolveWorkload = withSolver("lorenz-dopri5", dopri5);

function withSolver(id: string, solver: Solver): SolveWorkload {
  return {
    id,
    steps: 1,
    start: () => tensorOf([1, 0, 0], [3], "float64"),
    end: 100,
    checkAt: 10,
    expected: () => solveReferenceOf(id).states,
    solve: (start, end) => {
      const options = { rtol: 1e-8, atol: 1e-8, maxSteps: 1_000_000, adjoint: "none" } as const;
      const { y, statistics } = solve({ field, t0: 0, t1: end, y0: start, solver, ...options });
      return { end: y, accepted: statistics.accepted, rejected: statistics.rejected };
    },
  };
}

function field(_t: Tensor, state: Tensor): Tensor {
  const [x, y, z] = [at(state, 0), at(state, 1), at(state, 2)];
  return stack([mul(10, sub(y, x)), sub(mul(x, sub(28, z)), y), sub(mul(x, y), mul(8 / 3, z))]);
}
