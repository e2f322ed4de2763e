/**
 * `sho-node-adaptive`: the neural ODE of `sho-node` by adaptive steps in float64, with the continuous adjoint.
 *
 * The 1000 trajectories are one state, so that they share each step. The states at the 50 times are read from the dense
 * output; backwards the state, its costate and the gradient of the parameters are integrated together from time to time,
 * the state set anew at each.
 * Chen, Rubanova, Bettencourt, Duvenaud, "Neural ordinary differential equations", 2018, arXiv:1806.07366.
 */
import { dopri5, solve } from "@leastaction/dynamics";
import { add, type HostTensor, matmul, mean, square, sub, type Tensor, tanh } from "@leastaction/tensor";
import { adam } from "./adam.ts";
import { oscillators } from "./oscillators.ts";
import { type Named, type Precision, type Problem, tensorOf, type Workload } from "./workload.ts";

const { trajectories, times, end, stateOf } = oscillators;

/** The workload. */
export const shoNodeAdaptive: Workload = {
  id: "sho-node-adaptive",
  steps: 10,
  optimiser: adam(),
  precision: "float64",
  problem,
};

function problem(dtype: Precision): Problem {
  const seconds = Array.from({ length: times }, (_, k) => (end * k) / (times - 1));
  const statesAt = (k: number): number[] => Array.from({ length: trajectories }, (_, j) => stateOf(j, k)).flat();
  const start = tensorOf(statesAt(0), [trajectories, 2], dtype);
  const observed = tensorOf(
    seconds.flatMap((_, k) => statesAt(k)),
    [times, trajectories, 2],
    dtype,
  );
  return {
    parameters: oscillators.startParameters(dtype),
    loss: lossOn(start, tensorOf(seconds, [times], "float64"), observed),
  };
}

function lossOn(start: HostTensor, seconds: HostTensor, observed: HostTensor): (parameters: Named<Tensor>) => Tensor {
  return (parameters) => {
    const { W1, b1, W2, b2 } = parameters as Record<"W1" | "b1" | "W2" | "b2", Tensor>;
    const field = (_t: Tensor, z: Tensor): Tensor => add(matmul(tanh(add(matmul(z, W1), b1)), W2), b2);
    const { states } = solve({
      field,
      t0: 0,
      t1: end,
      y0: start,
      solver: dopri5,
      rtol: 1e-7,
      atol: 1e-9,
      saveAt: { times: seconds },
      adjoint: "backsolve",
      maxSteps: 256,
    });
    return mean(square(sub(states, observed)));
  };
}
