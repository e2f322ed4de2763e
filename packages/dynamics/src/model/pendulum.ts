/**
 * The grey box of one swinging angle: q'' = -w2 sin(q - q0) - c1 v - c2 |v| v - c0 sgn(v).
 *
 * w2 stands for the whole group m g a / I (g / l of a simple pendulum): from motion alone its factors cannot be told
 * apart. The zero angle q0 is free, so that an encoder may count from anywhere; the start takes it from a regression.
 */
import { add, array, at, cos, mul, neg, sin, stack, type Tensor, type TensorLike } from "@leastaction/tensor";
import { leastSquares } from "../train/least-squares.ts";
import { frictionAcceleration, frictionConstants, frictionRows } from "./friction.ts";
import { type DatasetFacts, defineModel, type ModelDefinition, type Samples } from "./model.ts";

/** Parameters: order 1 each. */
export interface PendulumParameters<L extends TensorLike = TensorLike> {
  /** w2 cos q0 and w2 sin q0 in units of frequency²: [2]. */
  readonly restoring: L;
  /** [3]. */
  readonly friction: L;
}

/** A pendulum with five free constants. */
export const pendulum: ModelDefinition<PendulumParameters> = defineModel({
  name: "pendulum",
  summary: "The pendulum equation with free frequency, zero angle, linear, quadratic and dry friction.",
  kind: "grey-box",
  needs: { coordinates: 1 },
  cites: ["Kaheman, Fasel, Bramburger, Strom, Kutz, Brunton 2022, arXiv:2205.06231"],
  init: (_seed, facts, samples): PendulumParameters => ({
    restoring: array(regression(facts, samples)),
    friction: array(Float64Array.of(0.1, 0, 0)),
  }),
  field: ({ restoring, friction }, _t, state, _control, facts): Tensor => {
    const [q, v] = [at(state, 0), at(state, 1)];
    const [a, b] = [at(restoring, 0), at(restoring, 1)];
    const pull = add(mul(a, sin(q)), neg(mul(b, cos(q))));
    return stack([v, add(mul(pull, -(facts.frequency ** 2)), frictionAcceleration(friction, v, facts))]);
  },
  energy: ({ restoring }, state, facts): Tensor => {
    const [q, v] = [at(state, 0), at(state, 1)];
    const [a, b] = [at(restoring, 0), at(restoring, 1)];
    return add(mul(0.5, v, v), mul(-(facts.frequency ** 2), add(mul(a, cos(q)), mul(b, sin(q)))));
  },
  dissipation: ({ friction }, state, facts): Tensor => {
    const v = at(state, 1);
    return neg(mul(v, frictionAcceleration(friction, v, facts)));
  },
  constants: [
    { name: "w2 cos q0", unit: "1/s^2", meaning: "frequency group m g a / I (g / l of a simple pendulum), along sin q" },
    { name: "w2 sin q0", unit: "1/s^2", meaning: "the same along cos q: not zero where the zero angle is off" },
    ...frictionRows(""),
  ],
  constantsOf: ({ restoring, friction }, facts): Tensor => {
    const groups = [0, 1].map((i) => mul(at(restoring, i), facts.frequency ** 2));
    return stack([...groups, ...frictionConstants(friction, facts)]);
  },
  unidentifiable: "mass, length and g apart: only w2 = m g a / I shows in the motion",
});

/** w2 cos q0 and w2 sin q0 from q'' = -a sin q + b cos q - c v. */
function regression(facts: DatasetFacts, samples: Samples): Float64Array {
  const square = facts.frequency ** 2;
  const rows = Array.from({ length: samples.count }, (_, row) => {
    const q = samples.observations[2 * row] as number;
    const v = samples.observations[2 * row + 1] as number;
    return Float64Array.of(-Math.sin(q), Math.cos(q), v / facts.frequency);
  });
  return leastSquares(rows, rows.map((_, row) => (samples.rates[2 * row + 1] as number) / square)).slice(0, 2);
}
