/**
 * Standard deviations that come with the measurements (columns with the role `sigma`).
 *
 * In: what was stated, SI. Out: its level, and how much each measurement counts beside the others. A value that is no
 * positive number states nothing. Only ratios count: a measurement of twice the standard deviation counts half as much
 * as a usual one, and one is worth at most ten usual ones, so that a sensor that claims to be exact does not hide all
 * others.
 */

import { median } from "./oddity-measure.ts";

/** A measurement is worth at most so many usual ones. */
const mostWorth = 10;

/** The usual standard deviation, by which weights are 1: the median; null where none is stated. */
export function usualSigma(sigmas: Float64Array): number | null {
  return median(sigmas.filter(isStated));
}

/** What is stated of one of `width` coordinates in all segments, one after another; NaN where nothing is. */
export function statedSigmas(
  segments: readonly { readonly sigmas: Float64Array | null }[],
  width: number,
  coordinate: number,
): Float64Array {
  return Float64Array.from(
    segments.flatMap(({ sigmas }) => [...(sigmas ?? [])].filter((_, at) => at % width === coordinate)),
  );
}

/** By what the error of a measurement is multiplied: 1 for a usual one and where nothing is stated. */
export function weightOf(sigma: number, usual: number | null): number {
  return usual !== null && isStated(sigma) ? Math.min(mostWorth, usual / sigma) : 1;
}

function isStated(sigma: number): boolean {
  return sigma > 0 && sigma < Number.POSITIVE_INFINITY;
}
