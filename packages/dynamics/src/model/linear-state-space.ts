/**
 * The baseline of system identification: x' = A x + B u + c on x = (positions, velocities).
 *
 * Velocity is the rate of position; the accelerations are linear in positions, velocities and controls with a
 * constant. Started from the least-squares regression of the measured accelerations, then fitted like any other model.
 * In continuous time, so that it steps over any sampling. Source: Ljung, 1999, "System Identification", chapter 4.
 */
import { array, concatenate, div, matmul, mul, sub, type Tensor, type TensorLike } from "@leastaction/tensor";
import { leastSquares } from "../optim/least-squares.ts";
import { accelerationScales, halves, scaledVelocities } from "./coordinate-features.ts";
import { defineModel } from "./define-model.ts";
import type { DatasetFacts, ModelDefinition, Samples } from "./model.ts";

/** Parameters: [features, d] where the features are scaled positions, velocities, controls and 1. */
export interface LinearStateSpaceParameters<L extends TensorLike = TensorLike> {
  readonly gains: L;
}

/** Linear accelerations. */
export const linearStateSpace: ModelDefinition<LinearStateSpaceParameters> = defineModel({
  name: "linear-state-space",
  summary: "Linear equations of motion with inputs and a constant: the baseline of system identification.",
  kind: "baseline",
  cites: ["Ljung 1999, System Identification: Theory for the User, chapter 4"],
  init: (_seed, facts, samples): LinearStateSpaceParameters => regression(facts, samples),
  field: ({ gains }, _t, state, control, facts): Tensor => {
    const [, v] = halves(state);
    return concatenate([v, mul(matmul(features(state, control, facts), gains), accelerationScales(facts))]);
  },
});

function features(state: Tensor, control: Tensor | null, facts: DatasetFacts): Tensor {
  const [q, v] = halves(state);
  const centres = array(Float64Array.from(facts.coordinates, ({ centre }) => centre));
  const scales = array(Float64Array.from(facts.coordinates, ({ scale }) => scale));
  const inputs = array(Float64Array.from(facts.controls, ({ scale }) => scale));
  return concatenate([
    div(sub(q, centres), scales),
    scaledVelocities(v, facts),
    ...(control === null ? [] : [div(control, inputs)]),
    array(Float64Array.of(1)),
  ]);
}

function regression(facts: DatasetFacts, samples: Samples): LinearStateSpaceParameters {
  const { coordinates, controls, frequency } = facts;
  const d = coordinates.length;
  const width = 2 * d + controls.length + 1;
  const rows = Array.from({ length: samples.count }, (_, row) => {
    const at = (i: number): number => samples.observations[row * 2 * d + i] as number;
    return Float64Array.from([
      ...coordinates.map(({ centre, scale }, i) => (at(i) - centre) / scale),
      ...coordinates.map(({ velocityScale }, i) => at(d + i) / velocityScale),
      ...controls.map(({ scale }, i) => (samples.controls[row * controls.length + i] as number) / scale),
      1,
    ]);
  });
  const gains = new Float64Array(width * d);
  coordinates.forEach(({ velocityScale }, i) => {
    const targets = rows.map((_, row) => (samples.rates[row * 2 * d + d + i] as number) / (velocityScale * frequency));
    leastSquares(rows, targets).forEach((gain, k) => {
      gains[k * d + i] = gain;
    });
  });
  return { gains: array(gains, [width, d]) };
}
