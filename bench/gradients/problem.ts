/**
 * The problem on which ways to a gradient are measured: a neural ODE of the shape of `spiral-node`, over a longer time.
 */
import { type Adjoint, constantStepSize, rk4, type SolveOptions, solve, tsit5 } from "@leastaction/dynamics";
import {
  add,
  array,
  type Compiled,
  compile,
  grad,
  type HostTensor,
  matmul,
  mul,
  square,
  sum,
  type Target,
  type Tensor,
  tanh,
} from "@leastaction/tensor";
import { startWeights } from "../workloads/random.ts";
import { tensorOf } from "../workloads/workload.ts";

const units = 50;

/** The parameters: 252 numbers. */
export type Parameters = Readonly<Record<"W1" | "b1" | "W2" | "b2", HostTensor>>;

/** The parameters at the start of `spiral-node`, float64. */
export function startParameters(): Parameters {
  const { take } = startWeights();
  return {
    W1: tensorOf(take(2, 2 * units), [2, units], "float64"),
    b1: tensorOf(take(2, units), [units], "float64"),
    W2: tensorOf(take(units, 2 * units), [units, 2], "float64"),
    b2: tensorOf(take(units, 2), [2], "float64"),
  };
}

/** z' = tanh(z³ W1 + b1) W2 + b2 from (2, 0); the loss is the sum of the squares of what is saved. */
export function lossWith(options: Partial<SolveOptions<HostTensor, undefined>>): (parameters: Parameters) => Tensor {
  return (parameters) => {
    const { W1, b1, W2, b2 } = parameters;
    const field = (_t: Tensor, z: Tensor): Tensor => add(matmul(tanh(add(matmul(mul(z, z, z), W1), b1)), W2), b2);
    return sum(square(solve({ field, t0: 0, t1: 10, y0: array([2, 0]), ...options }).states));
  };
}

/** 30 saved times by adaptive steps of tsit5. */
export function adaptive(adjoint: Adjoint, tolerance: number): Partial<SolveOptions<HostTensor, undefined>> {
  const times = Array.from({ length: 30 }, (_, k) => (10 * k) / 29);
  return { saveAt: { times }, solver: tsit5, rtol: tolerance, atol: tolerance, maxSteps: 512, adjoint };
}

/** The end by equal steps of rk4. */
export function equal(adjoint: Adjoint, steps: number): Partial<SolveOptions<HostTensor, undefined>> {
  return { solver: rk4, stepSize: constantStepSize(), dt0: 10 / steps, adjoint };
}

/** A gradient, ready to be timed. */
export interface Prepared {
  readonly gradient: readonly number[];
  readonly bytes: number;
  /** Milliseconds of processor time of one call. */
  readonly time: () => number;
}

/** Compiles the gradient of a loss. */
export function prepare(loss: (parameters: Parameters) => Tensor, target: Target): Prepared {
  return prepared(compile(grad(loss as never) as never, [startParameters()], target));
}

/** Compiles a loss without its gradient. */
export function prepareValue(loss: (parameters: Parameters) => Tensor, target: Target): Prepared {
  return prepared(
    compile(((parameters: Parameters) => ({ value: loss(parameters) })) as never, [startParameters()], target),
  );
}

function prepared(run: Compiled<unknown>): Prepared {
  const point = startParameters();
  const first = run.callSync(point) as Readonly<Record<string, HostTensor>>;
  return {
    gradient: Object.values(first).flatMap(({ data }) => Array.from(data)),
    bytes: run.bytes(),
    time: () => {
      const begin = process.cpuUsage();
      run.callSync(point);
      const { user, system } = process.cpuUsage(begin);
      return (user + system) / 1000;
    },
  };
}

/** The least time of each of several, measured in turn, in milliseconds. */
export function leastTimes(items: readonly Prepared[], rounds: number): readonly number[] {
  const least = items.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    items.forEach(({ time }, i) => {
      least[i] = Math.min(least[i] as number, time());
    });
  }
  return least;
}

/** The largest difference, relative to the size of the second. */
export function defectOf(found: readonly number[], wanted: readonly number[]): number {
  return Math.max(...found.map((value, i) => Math.abs(value - (wanted[i] as number)))) / Math.hypot(...wanted);
}
