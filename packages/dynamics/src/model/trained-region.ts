/**
 * Where the training data lay, and how far a state is from there.
 *
 * Up to 800 training states, thinned evenly, as features of order one (sine and cosine of periodic coordinates, scaled
 * otherwise; scaled velocities). The reach is 1.5 times the 90 % quantile of the distance from one of them to its
 * nearest neighbour. A swing smaller than all trained ones is outside, although each of its coordinates was seen.
 */
import { hostMath } from "../host-math/host-math.ts";
import type { DatasetFacts, Samples } from "./model.ts";
import type { TrainedRegion } from "./model-record.ts";

const kept = 800;

/** The region of training samples. */
export function trainedRegion(samples: Samples, facts: DatasetFacts): TrainedRegion {
  const width = 2 * facts.coordinates.length;
  const count = Math.min(kept, samples.count);
  const points = Array.from({ length: count }, (_, i) => {
    const row = Math.floor(((i + 0.5) * samples.count) / count);
    return regionFeatures(samples.observations.subarray(row * width, (row + 1) * width), facts).map(
      (value) => Math.round(value * 1e4) / 1e4,
    );
  });
  const nearest = points.map((point, i) => nearestDistance(point, points, i)).sort((a, b) => a - b);
  return { points, reach: 1.5 * (nearest[Math.floor(0.9 * nearest.length)] ?? 1) };
}

/** The distance of an observation [2 d] to the nearest trained state, in features; infinite when it is not finite. */
export function distanceToTrained(observation: ArrayLike<number>, region: TrainedRegion, facts: DatasetFacts): number {
  const distance = nearestDistance(regionFeatures(observation, facts), region.points, -1);
  return Number.isFinite(distance) ? distance : Number.POSITIVE_INFINITY;
}

/** What of a distance counts as beyond the trained states: all that exceeds two thirds of the reach, and what a band has seen. */
export function beyondTrained(distance: number, { reach }: TrainedRegion, seen = 0): number {
  return Math.max(0, distance - Math.max(seen, reach / 1.5));
}

function regionFeatures(observation: ArrayLike<number>, { coordinates }: DatasetFacts): readonly number[] {
  return coordinates.flatMap(({ periodic, centre, scale, velocityScale }, i) => {
    const q = observation[i] as number;
    const v = (observation[coordinates.length + i] as number) / velocityScale;
    return periodic ? [hostMath.sin(q) / scale, hostMath.cos(q) / scale, v] : [(q - centre) / scale, v];
  });
}

function nearestDistance(point: readonly number[], points: readonly (readonly number[])[], skip: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < points.length; i++) {
    if (i === skip) continue;
    let square = 0;
    const other = points[i] as readonly number[];
    for (let k = 0; k < point.length; k++) square += ((point[k] as number) - (other[k] as number)) ** 2;
    if (square < best) best = square;
  }
  return Math.sqrt(best);
}
