/**
 * The grey box of one swinging angle: q'' = -w2 sin(q - q0) - c1 v - c2 |v| v - c0 sgn(v) + b u + bias.
 *
 * w2 stands for the whole group m g a / I (g / l of a simple pendulum): from motion alone its factors cannot be told
 * apart. The zero angle q0 is free, so that an encoder may count from anywhere; the start takes it from a regression.
 * Gains and a bias of the input are there where the data has controls: swings that are wide enough tell a constant push
 * from a shifted zero, small ones do not, and the intervals say so.
 */

import {
  add,
  array,
  at,
  cos,
  type HostTensor,
  mul,
  neg,
  sin,
  stack,
  sub,
  type Tensor,
  type TensorLike,
} from "@leastaction/tensor";
import { hostMath } from "../host-math/host-math.ts";
import { leastSquares } from "../optim/least-squares.ts";
import { defineModel } from "./define-model.ts";
import { frictionAcceleration, frictionConstants, frictionRows } from "./friction.ts";
import {
  controlColumns,
  type InputParameters,
  initialInput,
  inputAcceleration,
  inputConstants,
  inputRows,
} from "./input.ts";
import type { CoordinateFacts, DatasetFacts, ModelDefinition, Samples } from "./model.ts";

/** Parameters: order 1 each. */
export interface PendulumParameters<L extends TensorLike = TensorLike> {
  /** w2 in units of frequency², and the zero angle q0 in rad: [2]. */
  readonly restoring: L;
  /** [3]. */
  readonly friction: L;
  /** Only with controls. */
  readonly input?: InputParameters<L>;
}

/** A pendulum with five free constants, and those of its inputs. */
export const pendulum: ModelDefinition<PendulumParameters> = defineModel({
  name: "pendulum",
  summary:
    "The pendulum equation with free frequency, zero angle, friction (linear, quadratic, dry), input gains and bias.",
  kind: "grey-box",
  needs: { coordinates: 1 },
  cites: ["Kaheman, Fasel, Bramburger, Strom, Kutz, Brunton 2022, arXiv:2205.06231"],
  init: (_seed, facts, samples): PendulumParameters => ({
    friction: array(Float64Array.of(0.1, 0, 0)),
    ...regression(facts, samples),
  }),
  field: ({ restoring, friction, input }, _t, state, control, facts): Tensor => {
    const [q, v] = [at(state, 0), at(state, 1)];
    const pull = mul(at(restoring, 0), sin(sub(q, at(restoring, 1))));
    const free = add(mul(pull, -(facts.frequency ** 2)), frictionAcceleration(friction, v, facts));
    const pushed = inputAcceleration(input, control, facts);
    return stack([v, pushed === null ? free : add(free, pushed)]);
  },
  energy: ({ restoring }, state, facts): Tensor => {
    const [q, v] = [at(state, 0), at(state, 1)];
    const height = sub(1, cos(sub(q, at(restoring, 1))));
    return add(mul(0.5, v, v), mul(at(restoring, 0), height, facts.frequency ** 2));
  },
  dissipation: ({ friction }, state, facts): Tensor => {
    const v = at(state, 1);
    return neg(mul(v, frictionAcceleration(friction, v, facts)));
  },
  constants: [
    { name: "w2", unit: "1/s^2", meaning: "frequency group m g a / I (g / l of a simple pendulum)" },
    { name: "q0", unit: "", meaning: "angle at rest", coordinate: 1 },
    ...frictionRows,
    inputRows.gain,
    inputRows.bias,
  ],
  constantsOf: ({ restoring, friction, input }, facts): Tensor => {
    const w2 = mul(at(restoring, 0), facts.frequency ** 2);
    return stack([w2, at(restoring, 1), ...frictionConstants(friction, facts), ...inputConstants(input, facts)]);
  },
  unidentifiable: "mass, length and g apart: only w2 = m g a / I shows in the motion",
});

/** w2, q0 and the gains from q'' = -a sin q + b cos q - c v + gains u, a = w2 cos q0, b = w2 sin q0. */
function regression(
  facts: DatasetFacts,
  samples: Samples,
): Pick<PendulumParameters<HostTensor>, "restoring" | "input"> {
  const square = facts.frequency ** 2;
  const rows = Array.from({ length: samples.count }, (_, row) => {
    const q = samples.observations[2 * row] as number;
    const v = samples.observations[2 * row + 1] as number;
    const pushes = controlColumns(samples.controls, row, facts);
    return Float64Array.of(-hostMath.sin(q), hostMath.cos(q), v / facts.frequency, ...pushes);
  });
  const targets = rows.map((_, row) => (samples.rates[2 * row + 1] as number) / square);
  const [a, b, , ...gains] = leastSquares(rows, targets) as unknown as [number, number, number, ...number[]];
  // Of the angles at rest, a turn apart, the one nearest to the data.
  const rest = hostMath.atan2(b, a);
  const { centre, velocityScale } = facts.coordinates[0] as CoordinateFacts;
  const turns = Math.round((centre - rest) / (2 * Math.PI));
  return {
    restoring: array(Float64Array.of(Math.sqrt(a * a + b * b), rest + 2 * Math.PI * turns)),
    ...initialInput(
      Float64Array.from(gains, (gain) => (gain * facts.frequency) / velocityScale),
      true,
    ),
  };
}
