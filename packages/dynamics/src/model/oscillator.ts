/**
 * The grey box of one coordinate on a spring: q'' = -w2 (q - q0) - k3 (q - q0)^3 - c1 v - c2 |v| v - c0 sgn(v) + b u.
 *
 * A bias of the input cannot be told from the zero position of a spring, and is part of it.
 */
import {
  add,
  array,
  at,
  div,
  type HostTensor,
  mul,
  stack,
  sub,
  type Tensor,
  type TensorLike,
} from "@leastaction/tensor";
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
export interface OscillatorParameters<L extends TensorLike = TensorLike> {
  /** Zero position from the centre of the data in units of its scale; w2 and k3 scale² in units of frequency²: [3]. */
  readonly spring: L;
  /** [3]. */
  readonly friction: L;
  /** Only with controls. */
  readonly input?: InputParameters<L>;
}

const first = (facts: DatasetFacts): CoordinateFacts => facts.coordinates[0] as CoordinateFacts;

/** Displacement from the zero position in units of its scale. */
function stretch(spring: TensorLike, q: Tensor, facts: DatasetFacts): Tensor {
  const { centre, scale } = first(facts);
  return sub(div(sub(q, centre), scale), at(spring, 0));
}

/** A spring with six free constants, and the gains of its inputs. */
export const oscillator: ModelDefinition<OscillatorParameters> = defineModel({
  name: "oscillator",
  summary: "A spring with free stiffness, hardening, zero position, friction (linear, quadratic, dry) and input gains.",
  kind: "grey-box",
  needs: { coordinates: 1 },
  cites: ["Nayfeh, Mook 1979, Nonlinear Oscillations, chapters 2 and 3"],
  init: (_seed, facts, samples): OscillatorParameters => ({
    friction: array(Float64Array.of(0.1, 0, 0)),
    ...regression(facts, samples),
  }),
  field: ({ spring, friction, input }, _t, state, control, facts): Tensor => {
    const v = at(state, 1);
    const x = stretch(spring, at(state, 0), facts);
    const pull = add(mul(at(spring, 1), x), mul(at(spring, 2), x, x, x));
    const unit = -first(facts).scale * facts.frequency ** 2;
    const free = add(mul(pull, unit), frictionAcceleration(friction, v, facts));
    const pushed = inputAcceleration(input, control, facts);
    return stack([v, pushed === null ? free : add(free, pushed)]);
  },
  energy: ({ spring }, state, facts): Tensor => {
    const v = at(state, 1);
    const x = stretch(spring, at(state, 0), facts);
    const square = mul(x, x);
    const stored = add(mul(0.5, at(spring, 1), square), mul(0.25, at(spring, 2), square, square));
    return add(mul(0.5, v, v), mul(stored, (first(facts).scale * facts.frequency) ** 2));
  },
  dissipation: ({ friction }, state, facts): Tensor => {
    const v = at(state, 1);
    return mul(-1, v, frictionAcceleration(friction, v, facts));
  },
  constants: [
    { name: "q0", unit: "", meaning: "zero position", coordinate: 1 },
    { name: "w2", unit: "1/s^2", meaning: "frequency group k / m" },
    { name: "k3", unit: "1/s^2", meaning: "hardening", coordinate: -2 },
    ...frictionRows,
    inputRows.gain,
  ],
  constantsOf: ({ spring, friction, input }, facts): Tensor => {
    const { centre, scale } = first(facts);
    const square = facts.frequency ** 2;
    return stack([
      add(mul(at(spring, 0), scale), centre),
      mul(at(spring, 1), square),
      mul(at(spring, 2), square / scale ** 2),
      ...frictionConstants(friction, facts),
      ...inputConstants(input, facts),
    ]);
  },
  unidentifiable:
    "stiffness and mass apart (only w2 = k / m shows in the motion), and a constant push apart from the zero position",
});

/** Zero position, stiffness and gains from the regression of the acceleration on position, velocity and controls. */
function regression(facts: DatasetFacts, samples: Samples): Pick<OscillatorParameters<HostTensor>, "spring" | "input"> {
  const { centre, scale, velocityScale } = first(facts);
  const rows = Array.from({ length: samples.count }, (_, row) =>
    Float64Array.of(
      ((samples.observations[2 * row] as number) - centre) / scale,
      (samples.observations[2 * row + 1] as number) / velocityScale,
      1,
      ...controlColumns(samples.controls, row, facts),
    ),
  );
  const unit = scale * facts.frequency ** 2;
  const fit = leastSquares(
    rows,
    rows.map((_, row) => (samples.rates[2 * row + 1] as number) / unit),
  );
  const stiffness = Math.max(-(fit[0] as number), 1e-3);
  const gains = fit.slice(3).map((gain) => (gain * unit) / (velocityScale * facts.frequency));
  return {
    spring: array(Float64Array.of((fit[2] as number) / stiffness, stiffness, 0)),
    ...initialInput(gains, false),
  };
}
