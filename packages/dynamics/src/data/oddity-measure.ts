/** The measures of time that data are judged by: steps, and their median. */

import type { Trajectory } from "./dataset.ts";

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
