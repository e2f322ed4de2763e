/**
 * The published model on this recording: a Hamiltonian network with two layers of 200 tanh units, by the published
 * recipe (Adam at 1e-3, 2000 full-batch steps, weight decay 1e-5, float32), on finite differences. For the rollout
 * protocol the network trained on midpoints is trained on by rollouts over short windows from their recorded starts.
 */
import { adam, constantSchedule, cosineSchedule } from "@leastaction/dynamics";
import {
  array,
  compile,
  type HostTensor,
  mapTree,
  mean,
  reshape,
  scan,
  slice,
  square,
  sub,
  type Target,
  type Tensor,
  transpose,
  valueAndGrad,
} from "@leastaction/tensor";
import { type LearnedField, learnedField, trainOnDerivatives, type Weights } from "../hnn/learned-field.ts";
import { rungeKuttaStep } from "../hnn/rollout.ts";
import type { Field } from "./evaluation.ts";
import { differences, type Recording, windowsOf } from "./recording.ts";

/** The model; a smaller width is for tests. */
export function hamiltonianNetwork(width = 200): LearnedField {
  return learnedField("hamiltonian", width);
}

/** Options of both trainings. */
export interface HamiltonianTraining {
  readonly model: LearnedField;
  readonly recording: Recording;
  readonly seed: number;
  readonly steps: number;
  readonly target: Target;
}

/** Trains on finite differences. */
export function trainOnDifferences(options: HamiltonianTraining & { readonly place: "left" | "midpoint" }): Weights {
  const { model, recording, seed, steps, target, place } = options;
  const { states, derivatives } = differences(recording, place);
  const data = {
    count: states.length,
    states: Float32Array.from(states.flat()),
    derivatives: Float32Array.from(derivatives.flat()),
  };
  const training = { steps, schedule: constantSchedule(1e-3), l2: 1e-5 };
  return trainOnDerivatives(model, data, { training, seed, target }).weights;
}

/** Goes on from weights by rollouts over windows of `intervals` gaps; Adam, cosine from 1e-3. */
export function trainOnRollouts(
  weights: Weights,
  { model, recording, steps, target, intervals }: HamiltonianTraining & { readonly intervals: number },
): Weights {
  const windows = windowsOf(recording, intervals);
  const optimizer = adam({ l2: 1e-5 });
  const schedule = cosineSchedule({ peak: 1e-3, steps });
  const initial = { weights, optimizer: optimizer.init(weights) };
  const gaps = windows.flatMap(({ times }) => times.slice(1).map((t, i) => t - (times[i] as number)));
  const h = array(Float32Array.from(gaps), [windows.length, intervals]);
  const measured = array(Float32Array.from(windows.flatMap(({ states }) => states.flat())), [
    windows.length,
    intervals + 1,
    2,
  ]);
  const loss = (parameters: Weights, steps_: Tensor, truth: Tensor): Tensor => {
    const path = transpose(truth, [1, 0, 2]);
    const start = reshape(slice(path, 0, 0, 1), [windows.length, 2]);
    const [, predicted] = scan(
      (z: Tensor, gap: Tensor) => {
        const next = rungeKuttaStep((x) => model.field(parameters, x), z, reshape(gap, [windows.length, 1]));
        return [next, next] as const;
      },
      start,
      transpose(steps_),
    );
    return mean(square(sub(predicted as Tensor, slice(path, 0, 1, intervals + 1))));
  };
  const step = (state: typeof initial, steps_: Tensor, truth: Tensor): readonly [typeof initial, Tensor] => {
    const [value, gradient] = valueAndGrad((parameters: Weights) => loss(parameters, steps_, truth))(state.weights);
    const rate = schedule(state.optimizer.step);
    const [next, moments] = optimizer.update(gradient as unknown as Weights, state.optimizer, state.weights, rate);
    return [{ weights: next, optimizer: moments }, value];
  };
  const compiled = compile(step, [initial, h, measured], target);
  compiled.load(initial);
  for (let i = 0; i < steps; i++) compiled.runSync(h, measured);
  return (compiled.read() as typeof initial).weights;
}

/** The field of one state in float64, for the test rollout. */
export function fieldInDoubles(model: LearnedField, weights: Weights): { field: Field<Weights>; parameters: Weights } {
  const parameters = mapTree(weights, (leaf) => {
    const { data, shape } = leaf as HostTensor;
    return array(Float64Array.from(data as ArrayLike<number>), shape);
  }) as Weights;
  return { parameters, field: (theta, state) => reshape(model.field(theta, reshape(state, [1, 2])), [2]) };
}
