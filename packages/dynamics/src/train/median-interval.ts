/**
 * The median of a few values with an interval that needs no assumption about their distribution: between two of the
 * values themselves, by order statistics (`median-rank.ts`).
 */
import { medianRank } from "./median-rank.ts";
import { median } from "./ranking.ts";

/** A median and the interval that holds the true one. */
export interface MedianInterval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Probability that the interval holds the true median, 0 to 1: at least the level, or that of the whole range. */
  readonly confidence: number;
}

/**
 * The median with its narrowest interval of at least `level`; the whole range where there are too few values (less than
 * six for 95 %).
 *
 * @param values at least one number
 * @example
 * medianInterval([3, 1, 2]).confidence; // => 0.75
 */
export function medianInterval(values: readonly number[], level = 0.95): MedianInterval {
  const sorted = [...values].sort((a, b) => a - b);
  const { beyond, confidence } = medianRank(sorted.length, level);
  return {
    median: median(values),
    low: sorted[beyond] as number,
    high: sorted[sorted.length - 1 - beyond] as number,
    confidence,
  };
}
