/**
 * Friction of a grey box: linear, quadratic and dry, per unit inertia.
 *
 * a(v) = -c1 v - c2 |v| v - c0 tanh(v / s): the dry part is Coulomb's law smoothed over the speed s = 2 % of the
 * typical speed, so that it can be integrated. The parameters are the three losses relative to the typical
 * acceleration at the typical speed, so that all are of one order. A single constant may come out negative where the
 * three together describe another law; their sum is what is known.
 */
import { abs, add, at, div, mul, neg, type Tensor, type TensorLike, tanh } from "@leastaction/tensor";
import type { Constant, CoordinateFacts, DatasetFacts } from "./model.ts";

/** Names and units of the three constants, in the order of `frictionConstants`. */
export const frictionRows: readonly Constant[] = [
  { name: "c1", unit: "1/s", meaning: "linear friction" },
  { name: "c2", unit: "", meaning: "quadratic friction", coordinate: -1 },
  { name: "c0", unit: "1/s^2", meaning: "dry friction", coordinate: 1 },
];

/**
 * The deceleration by friction at velocity v, scalar; `friction` has shape [3].
 * @param typical the typical speed, SI; default that of the first coordinate
 */
export function frictionAcceleration(
  friction: TensorLike,
  v: Tensor,
  facts: DatasetFacts,
  typical: number = firstSpeed(facts),
): Tensor {
  const u = div(v, typical);
  const laws = [u, mul(abs(u), u), tanh(div(u, 0.02))];
  const parts = laws.map((law, i) => mul(at(friction, i), law));
  return neg(mul(add(...(parts as [Tensor, ...Tensor[]])), typical * facts.frequency * scale));
}

/** The three constants in SI, scalars. */
export function frictionConstants(
  friction: TensorLike,
  facts: DatasetFacts,
  typical: number = firstSpeed(facts),
): readonly Tensor[] {
  const units = [facts.frequency, facts.frequency / typical, facts.frequency * typical];
  return units.map((unit, i) => mul(at(friction, i), unit * scale));
}

function firstSpeed({ coordinates }: DatasetFacts): number {
  return (coordinates[0] as CoordinateFacts).velocityScale;
}

/** Friction of order 1 in the parameters loses about a hundredth of the typical acceleration. */
const scale = 0.01;
