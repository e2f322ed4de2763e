/**
 * The median of a few values with an interval that needs no assumption about their distribution: between two of the
 * values themselves, by order statistics. Source: Conover, 1999, "Practical Nonparametric Statistics", section 3.2.
 */
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
  const n = sorted.length;
  let inner = 0;
  let tail = 2 ** -n;
  let confidence = 1 - 2 * tail;
  // The chance that at most `rank` of n values lie below the median, as long as the interval is wide enough.
  let term = tail;
  for (let rank = 1; rank < n / 2; rank++) {
    term *= (n - rank + 1) / rank;
    tail += term;
    if (1 - 2 * tail < level) break;
    inner = rank;
    confidence = 1 - 2 * tail;
  }
  return {
    median: median(values),
    low: sorted[inner] as number,
    high: sorted[n - 1 - inner] as number,
    confidence: Math.max(0, confidence),
  };
}
