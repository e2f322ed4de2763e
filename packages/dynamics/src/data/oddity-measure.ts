/** The measures of time that data are judged by: steps, and their median. */

import type { Trajectory } from "./dataset.ts";
import { selectRanked } from "./select-ranked.ts";

/** The steps between successive numbers, times mostly: [n - 1] in their unit. */
export function timeSteps(times: Float64Array): Float64Array {
  const steps = new Float64Array(Math.max(0, times.length - 1));
  for (let at = 0; at < steps.length; at++) steps[at] = (times[at + 1] as number) - (times[at] as number);
  return steps;
}

/** The median of numbers; null for none. */
export function median(numbers: Iterable<number>): number | null {
  const own = numbers instanceof Float64Array ? numbers.slice() : Float64Array.from(numbers);
  if (own.length === 0) return null;
  const middle = own.length >> 1;
  const upper = selectRanked(own, middle);
  if (own.length % 2 === 1) return upper;
  let lower = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < middle; at++) if ((own[at] as number) > lower) lower = own[at] as number;
  return (lower + upper) / 2;
}

/** The median step of time over all trajectories, s; null when no trajectory has two times. */
export function medianStep(trajectories: readonly Pick<Trajectory, "times">[]): number | null {
  const all = new Float64Array(trajectories.reduce((sum, { times }) => sum + Math.max(0, times.length - 1), 0));
  let filled = 0;
  for (const { times } of trajectories) {
    for (let at = 1; at < times.length; at++) {
      all[filled] = (times[at] as number) - (times[at - 1] as number);
      filled += 1;
    }
  }
  return median(all);
}
