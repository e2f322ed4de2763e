/**
 * Between which of n sorted values the true median lies, whatever their distribution.
 * Source: Conover, 1999, "Practical Nonparametric Statistics", section 3.2.
 */

/** How many values may be left out at each end, and how sure the interval then is. */
export interface MedianRank {
  /** Values beyond the interval at each end; 0 is the whole range. */
  readonly beyond: number;
  /** Probability that the interval holds the true median, 0 to 1: at least the level, or that of the whole range. */
  readonly confidence: number;
}

/**
 * The narrowest interval of at least `level` between two of n values; the whole range where there are too few (less than six
 * for 95 %).
 */
export function medianRank(n: number, level = 0.95): MedianRank {
  let beyond = 0;
  let tail = 2 ** -n;
  let confidence = 1 - 2 * tail;
  // The chance that at most `rank` of n values lie below the median, as long as the interval is wide enough.
  let term = tail;
  for (let rank = 1; rank < n / 2; rank++) {
    term *= (n - rank + 1) / rank;
    tail += term;
    if (1 - 2 * tail < level) break;
    beyond = rank;
    confidence = 1 - 2 * tail;
  }
  return { beyond, confidence: Math.max(0, confidence) };
}
