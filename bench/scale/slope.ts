/**
 * How fast time grows with the arithmetic: the slope in a log-log plot, beyond the caches.
 */

/** One size on one target. */
export interface ScalePoint {
  readonly operations: number;
  readonly milliseconds: number;
  /** What the compiled step owns. */
  readonly bytes: number;
}

/** Points enough for a line where few or none lie beyond the caches. */
const least = 3;

/**
 * The points that own more than twice `cacheBytes` (a step returns to about half of what it owns: parameters, gradient and
 * tape, but not to the moments), or the last three if they are fewer. Points come smallest first.
 */
export function beyondCaches<Point extends ScalePoint>(points: readonly Point[], cacheBytes: number): readonly Point[] {
  const beyond = points.filter(({ bytes }) => bytes > 2 * cacheBytes);
  return beyond.length < least ? points.slice(-least) : beyond;
}

/** Least squares of ln(time) on ln(operations): 1 is in proportion. */
export function slopeOf(points: readonly ScalePoint[]): number {
  const x = points.map(({ operations }) => Math.log(operations));
  const y = points.map(({ milliseconds }) => Math.log(milliseconds));
  const [meanX, meanY] = [mean(x), mean(y)];
  const covariance = mean(x.map((value, i) => (value - meanX) * ((y[i] as number) - meanY)));
  return covariance / mean(x.map((value) => (value - meanX) ** 2));
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
