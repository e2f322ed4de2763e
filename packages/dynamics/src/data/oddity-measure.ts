/**
 * The measures that oddities are judged by: the median step of time, and the ratio of a measured rate to the rate of
 * its coordinate.
 */

import { type Dataset, observedIndex, type Trajectory } from "./dataset.ts";

/** The steps between successive times: [n - 1] s. */
export function timeSteps(times: Float64Array): Float64Array {
  const steps = new Float64Array(Math.max(0, times.length - 1));
  for (let at = 0; at < steps.length; at++) steps[at] = (times[at + 1] as number) - (times[at] as number);
  return steps;
}

/** The median of numbers; null for none. */
export function median(numbers: Iterable<number>): number | null {
  const sorted = (numbers instanceof Float64Array ? numbers.slice() : Float64Array.from(numbers)).sort();
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** The median step of time over all trajectories, s; null when no trajectory has two times. */
export function medianStep(trajectories: readonly Pick<Trajectory, "times">[]): number | null {
  const all = new Float64Array(trajectories.reduce((sum, { times }) => sum + Math.max(0, times.length - 1), 0));
  let filled = 0;
  for (const { times } of trajectories) {
    const steps = timeSteps(times);
    all.set(steps, filled);
    filled += steps.length;
  }
  return median(all);
}

/**
 * How many times the rate of its coordinate a measured velocity is: the slope of the least-squares line through the
 * origin of velocity against difference quotient, over steps without a gap or a turn; null where there is no motion.
 */
export function rateRatio(
  content: Pick<Dataset, "observed" | "trajectories" | "coordinates">,
  coordinate: number,
): number | null {
  const width = content.observed.length;
  const position = observedIndex(content, "position", coordinate);
  const velocity = observedIndex(content, "velocity", coordinate);
  const turn = content.coordinates[coordinate]?.periodic ? 2 * Math.PI : Number.POSITIVE_INFINITY;
  const limit = 2.5 * (medianStep(content.trajectories) ?? 0);
  let [product, square] = [0, 0];
  for (const { times, values } of content.trajectories) {
    // Over two steps the difference quotient is that of the middle, where the velocity is measured.
    for (let row = 2; row < times.length; row++) {
      const span = (times[row] as number) - (times[row - 2] as number);
      const change = (values[row * width + position] as number) - (values[(row - 2) * width + position] as number);
      const rate = values[(row - 1) * width + velocity] as number;
      if (!(span < limit) || Math.abs(change) > 0.75 * turn || Number.isNaN(change + rate)) continue;
      product += (rate * change) / span;
      square += (change / span) ** 2;
    }
  }
  return square > 0 ? product / square : null;
}
