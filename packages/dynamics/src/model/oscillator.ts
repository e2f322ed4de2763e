/**
 * The grey box of one coordinate on a spring: q'' = -w2 (q - q0) - k3 (q - q0)^3 - c1 v - c2 |v| v - c0 sgn(v).
 */
import { add, array, at, div, mul, stack, sub, type Tensor, type TensorLike } from "@leastaction/tensor";
import { frictionAcceleration, frictionConstants, frictionRows } from "./friction.ts";
import { leastSquares } from "./least-squares.ts";
import { type CoordinateFacts, type DatasetFacts, defineModel, type ModelDefinition, type Samples } from "./model.ts";

/** Parameters: order 1 each. */
export interface OscillatorParameters<L extends TensorLike = TensorLike> {
  /** Zero position from the centre of the data in units of its scale; w2 and k3 scale² in units of frequency²: [3]. */
  readonly spring: L;
  /** [3]. */
  readonly friction: L;
}

const first = (facts: DatasetFacts): CoordinateFacts => facts.coordinates[0] as CoordinateFacts;

/** Displacement from the zero position in units of its scale. */
function stretch(spring: TensorLike, q: Tensor, facts: DatasetFacts): Tensor {
  const { centre, scale } = first(facts);
  return sub(div(sub(q, centre), scale), at(spring, 0));
}

/** A spring with six free constants. */
export const oscillator: ModelDefinition<OscillatorParameters> = defineModel({
  name: "oscillator",
  summary: "A spring with free stiffness, hardening, zero position, linear, quadratic and dry friction.",
  kind: "grey-box",
  needs: { coordinates: 1 },
  cites: ["Nayfeh, Mook 1979, Nonlinear Oscillations, chapters 2 and 3"],
  init: (_seed, facts, samples): OscillatorParameters => ({
    spring: array(regression(facts, samples)),
    friction: array(Float64Array.of(0.1, 0, 0)),
  }),
  field: ({ spring, friction }, _t, state, _control, facts): Tensor => {
    const v = at(state, 1);
    const x = stretch(spring, at(state, 0), facts);
    const pull = add(mul(at(spring, 1), x), mul(at(spring, 2), x, x, x));
    const unit = -first(facts).scale * facts.frequency ** 2;
    return stack([v, add(mul(pull, unit), frictionAcceleration(friction, v, facts))]);
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
    { name: "q0", unit: "of the coordinate", meaning: "zero position" },
    { name: "w2", unit: "1/s^2", meaning: "frequency group k / m" },
    { name: "k3", unit: "1/s^2 per square of the coordinate", meaning: "hardening" },
    ...frictionRows("m"),
  ],
  constantsOf: ({ spring, friction }, facts): Tensor => {
    const { centre, scale } = first(facts);
    const square = facts.frequency ** 2;
    return stack([
      add(mul(at(spring, 0), scale), centre),
      mul(at(spring, 1), square),
      mul(at(spring, 2), square / scale ** 2),
      ...frictionConstants(friction, facts),
    ]);
  },
  unidentifiable: "stiffness and mass apart: only w2 = k / m shows in the motion",
});

/** Zero position and stiffness from the regression of the acceleration on position and velocity. */
function regression(facts: DatasetFacts, samples: Samples): Float64Array {
  const { centre, scale, velocityScale } = first(facts);
  const rows = Array.from({ length: samples.count }, (_, row) =>
    Float64Array.of(
      ((samples.observations[2 * row] as number) - centre) / scale,
      (samples.observations[2 * row + 1] as number) / velocityScale,
      1,
    ),
  );
  const unit = scale * facts.frequency ** 2;
  const fit = leastSquares(
    rows,
    rows.map((_, row) => (samples.rates[2 * row + 1] as number) / unit),
  );
  const stiffness = Math.max(-(fit[0] as number), 1e-3);
  return Float64Array.of((fit[2] as number) / stiffness, stiffness, 0);
}
