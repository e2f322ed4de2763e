/** The times of a recording, with the measures of them that every look at it needs. */

import { median, timeSteps } from "./oddity-measure.ts";

/** Times, their steps, and the middle one. */
export interface Clock {
  /** [n] s, rising. */
  readonly times: Float64Array;
  /** [n - 1] s */
  readonly steps: Float64Array;
  /** The median step, s; null for a single time. */
  readonly step: number | null;
}

/** The clock of these times. */
export function clockOf(times: Float64Array): Clock {
  const steps = timeSteps(times);
  return { times, steps, step: median(steps) };
}
