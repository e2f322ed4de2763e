/**
 * `spiral-node`, `spiral-node-tsit5`: a neural ODE on the cubic spiral, one trajectory, adaptive steps, the gradient
 * through the accepted ones.
 *
 * z' = tanh(z³ W1 + b1) W2 + b2 with 50 units from (2, 0); 30 points in [0, 1.5] of the true field z' = A z³ are read from
 * the dense output; the loss is the sum of squared errors. 500 updates are one measurement, since the field that is
 * learned asks for ever more steps.
 * Chen, Rubanova, Bettencourt, Duvenaud, "Neural ordinary differential equations", 2018, arXiv:1806.07366.
 */
import { dopri5, type Solver, solveDense, tsit5 } from "@leastaction/dynamics";
import { add, type HostTensor, matmul, mul, square, sub, sum, type Tensor, tanh } from "@leastaction/tensor";
import { adam } from "./adam.ts";
import { startWeights } from "./random.ts";
import { type Named, type Precision, type Problem, tensorOf, type Workload } from "./workload.ts";

const units = 50;
const end = 1.5;
const points = 30;

/** With the method of Dormand and Prince. */
export const spiralNode: Workload = withSolver("spiral-node", dopri5);

/** With the method of Tsitouras. */
export const spiralNodeTsit5: Workload = withSolver("spiral-node-tsit5", tsit5);

function withSolver(id: string, solver: Solver): Workload {
  return {
    id,
    steps: 500,
    optimiser: adam({ rate: 0.05 }),
    problem: (dtype) => spiralProblem(dtype, solver),
  };
}

/** The problem with start parameters from a stream of random numbers: 0 is that of the workload. */
export function spiralProblem(dtype: Precision, solver: Solver, stream = 0): Problem {
  const { take } = startWeights(stream);
  const parameters: Named<HostTensor> = {
    W1: tensorOf(take(2, 2 * units), [2, units], dtype),
    b1: tensorOf(take(2, units), [units], dtype),
    W2: tensorOf(take(units, 2 * units), [units, 2], dtype),
    b2: tensorOf(take(units, 2), [2], dtype),
  };
  const times = Array.from({ length: points }, (_, k) => (end * k) / (points - 1));
  const observed = tensorOf(trueStates().flat(), [points, 2], dtype);
  const start = tensorOf([2, 0], [2], dtype);
  return { parameters, loss: lossOn(solver, start, times, observed) };
}

function lossOn(
  solver: Solver,
  start: HostTensor,
  times: readonly number[],
  observed: HostTensor,
): (parameters: Named<Tensor>) => Tensor {
  return (parameters) => {
    const { W1, b1, W2, b2 } = parameters as Record<"W1" | "b1" | "W2" | "b2", Tensor>;
    const field = (_t: Tensor, z: Tensor): Tensor => add(matmul(tanh(add(matmul(mul(z, z, z), W1), b1)), W2), b2);
    const options = { rtol: 1e-6, atol: 1e-6, maxSteps: 256 } as const;
    const dense = solveDense({ field, t0: 0, t1: end, y0: start, solver, ...options });
    return sum(square(sub(dense.at(tensorOf(times, [points], "float64")), observed)));
  };
}

/** The true field by Runge and Kutta's fourth-order method with 1000 steps between neighbouring points. */
function trueStates(): number[][] {
  const slope = (x: number, y: number): [number, number] => [-0.1 * x ** 3 + 2 * y ** 3, -2 * x ** 3 - 0.1 * y ** 3];
  const h = end / (points - 1) / 1000;
  const states = [[2, 0]];
  let [x, y] = [2, 0];
  for (let step = 1; step <= 1000 * (points - 1); step++) {
    const a = slope(x, y);
    const b = slope(x + (h / 2) * a[0], y + (h / 2) * a[1]);
    const c = slope(x + (h / 2) * b[0], y + (h / 2) * b[1]);
    const d = slope(x + h * c[0], y + h * c[1]);
    x += (h / 6) * (a[0] + 2 * b[0] + 2 * c[0] + d[0]);
    y += (h / 6) * (a[1] + 2 * b[1] + 2 * c[1] + d[1]);
    if (step % 1000 === 0) states.push([x, y]);
  }
  return states;
}
