/**
 * One problem integrated by one solver: what it costs, and how wrong the end is.
 *
 * The program is compiled once; tolerance or step length are data.
 */
import {
  constantStepSize,
  type Solution,
  type Solver,
  solve,
  statusCodes,
  tensorArithmetic,
} from "@leastaction/dynamics";
import { array, at, compile, type HostTensor, stack, type Target, type Tensor } from "@leastaction/tensor";
import { end, type Problem } from "./problem.ts";

/** What came out of one integration. */
export interface Outcome {
  /** Largest absolute error of a component at the end. */
  readonly error: number;
  /** Accepted steps. */
  readonly steps: number;
  readonly rejected: number;
  readonly evaluations: number;
}

/**
 * Integrations with steps chosen for an absolute tolerance (rtol = 0).
 * @param truth the state at the end
 * @returns of a tolerance: null when the end was not reached
 */
export function adaptive(
  problem: Problem,
  solver: Solver,
  truth: readonly number[],
  target: Target,
): (tolerance: number) => Outcome | null {
  return integrations(problem, truth, target, (atol) => ({ solver, rtol: 0, atol, maxSteps: 10_000_000 }));
}

/** Integrations with equal steps of a length. */
export function equalSteps(
  problem: Problem,
  solver: Solver,
  truth: readonly number[],
  target: Target,
): (length: number) => Outcome | null {
  const stepSize = constantStepSize();
  return integrations(problem, truth, target, (dt0) => ({ solver, stepSize, dt0, maxSteps: 20_000 }));
}

function integrations(
  problem: Problem,
  truth: readonly number[],
  target: Target,
  optionsFor: (setting: Tensor) => object,
): (setting: number) => Outcome | null {
  const size = problem.start.length;
  const field = (t: Tensor, y: Tensor): Tensor => {
    const parts = Array.from({ length: size }, (_, i) => at(y, i));
    return stack(problem.derivative(tensorArithmetic, t, parts) as Tensor[]);
  };
  const run = compile(
    (setting: Tensor): Solution<Tensor> => {
      const y0 = array([...problem.start]) as unknown as Tensor;
      return solve({ field, t0: 0, t1: end, y0, adjoint: "none", ...optionsFor(setting) });
    },
    [array(1)] as never,
    target,
  );
  return (setting) => {
    const { y, status, statistics } = run.callSync(array(setting) as never) as unknown as Solution<HostTensor>;
    const number = (tensor: unknown): number => (tensor as HostTensor).data[0] as number;
    if (number(status) !== statusCodes.success) return null;
    return {
      error: Math.max(...truth.map((value, i) => Math.abs((y.data[i] as number) - value))),
      steps: number(statistics.accepted),
      rejected: number(statistics.rejected),
      evaluations: number(statistics.fieldEvaluations),
    };
  };
}
