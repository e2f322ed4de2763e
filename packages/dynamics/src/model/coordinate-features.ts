/**
 * What networks see of a state: numbers of order one. A periodic coordinate becomes its sine and cosine, so that a
 * whole turn changes nothing; any other is centred and scaled. Velocities are scaled.
 */
import {
  add,
  array,
  concatenate,
  cos,
  type DType,
  div,
  type HostTensor,
  log,
  mul,
  sin,
  slice,
  sub,
  type Tensor,
} from "@leastaction/tensor";
import type { DatasetFacts } from "./model.ts";

/** The number of features of the positions. */
export function positionFeatureCount(facts: DatasetFacts): number {
  return facts.coordinates.reduce((count, { periodic }) => count + (periodic ? 2 : 1), 0);
}

/** Positions [d] to features [positionFeatureCount]. */
export function positionFeatures(positions: Tensor, facts: DatasetFacts): Tensor {
  const parts = facts.coordinates.flatMap(({ periodic, centre, scale }, i) => {
    const q = slice(positions, 0, i, i + 1);
    return periodic ? [sin(q), cos(q)] : [div(sub(q, centre), scale)];
  });
  return concatenate(parts);
}

/** Velocities [d] (or what stands for them) in units of their scale. */
export function scaledVelocities(velocities: Tensor, facts: DatasetFacts): Tensor {
  return div(velocities, velocityScales(facts, velocities.dtype));
}

/** Velocity scale of each coordinate, [d]; float64 unless stated. */
export function velocityScales(facts: DatasetFacts, dtype: DType = "float64"): HostTensor {
  const scales = facts.coordinates.map(({ velocityScale }) => velocityScale);
  return array(scales, [scales.length], dtype);
}

/** Typical acceleration of each coordinate, [d]: velocity scale times frequency. */
export function accelerationScales(facts: DatasetFacts): ReturnType<typeof array> {
  return array(Float64Array.from(facts.coordinates, ({ velocityScale }) => velocityScale * facts.frequency));
}

/** Logarithm of the smoothed speed, [d]: ln sqrt((v / scale)² + 0.02²). */
export function logSpeed(velocities: Tensor, facts: DatasetFacts): Tensor {
  const u = scaledVelocities(velocities, facts);
  return mul(0.5, log(add(mul(u, u), 4e-4)));
}

/** The first and second half of a state [2 d]. */
export function halves(state: Tensor): readonly [Tensor, Tensor] {
  const half = (state.shape[0] as number) / 2;
  return [slice(state, 0, 0, half), slice(state, 0, half)];
}
