/**
 * What moves, from the measured paths alone: the period of a swing, how it depends on size, and what each swing loses.
 *
 * A swing is the time between two upward crossings of the middle (the mean over whole swings); a crossing counts only
 * after the motion was a quarter of its standard deviation below, as in the library's own rule for the sampling. Its
 * size is half the distance between its extremes; the loss is the median of 1 - (size of the next swing / size of this one). Where the lengths of the
 * swings scatter, or there are fewer than three, there is no period and the motion is called irregular.
 */

/** The measured path of one coordinate: n times and values, NaN where missing. */
export interface MeasuredPath {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** How one coordinate moves. */
export interface MotionFacts {
  /** Median period of the smaller half and of the larger half of the swings; equal where size does not matter. */
  readonly period: { readonly small: number; readonly large: number } | null;
  /** Share of its size that a swing loses, median; null without a period. */
  readonly loss: number | null;
  /** Largest size of a swing. */
  readonly size: number;
}

interface Swing {
  readonly length: number;
  readonly size: number;
  /** Size of the next swing over this one, where there is one. */
  readonly ratio: number | null;
}

/** @param paths one for each trajectory */
export function motionFacts(paths: readonly MeasuredPath[]): MotionFacts {
  const swings = paths.flatMap(swingsOf);
  const size = Math.max(0, ...swings.map((swing) => swing.size));
  const lengths = swings.map((swing) => swing.length).sort((a, b) => a - b);
  const quartile = (share: number): number => lengths[Math.floor(share * (lengths.length - 1))] ?? Number.NaN;
  if (lengths.length < 3 || quartile(0.75) > 1.8 * quartile(0.25)) return { period: null, loss: null, size };
  const bySize = [...swings].sort((a, b) => a.size - b.size);
  const half = Math.ceil(bySize.length / 2);
  const ratios = swings.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
  return {
    period: {
      small: median(bySize.slice(0, half).map((swing) => swing.length)),
      large: median(bySize.slice(-half).map((swing) => swing.length)),
    },
    loss: ratios.length === 0 ? null : 1 - median(ratios),
    size,
  };
}

function swingsOf({ times, values }: MeasuredPath): readonly Swing[] {
  const first = upwardCrossings(times, values, meanOf(values));
  const from = first[0]?.row ?? 0;
  const crossings = upwardCrossings(times, values, meanOf(values.subarray(from, first.at(-1)?.row ?? values.length)));
  const sizes = crossings.slice(1).map(({ row }, index) => {
    const part = values.subarray(crossings[index]?.row, row);
    return (part.reduce((a, b) => Math.max(a, b), -Infinity) - part.reduce((a, b) => Math.min(a, b), Infinity)) / 2;
  });
  return sizes.map((size, index) => ({
    length: (crossings[index + 1]?.time ?? 0) - (crossings[index]?.time ?? 0),
    size,
    ratio: index + 1 < sizes.length && size > 0 ? (sizes[index + 1] as number) / size : null,
  }));
}

interface Crossing {
  /** First row after the crossing. */
  readonly row: number;
  /** Interpolated. */
  readonly time: number;
}

function upwardCrossings(times: Float64Array, values: Float64Array, middle: number): readonly Crossing[] {
  const deviation = Math.sqrt(meanOf(values.map((value) => (value - middle) ** 2)));
  const crossings: Crossing[] = [];
  let isBelow = false;
  for (let row = 1; row < values.length; row++) {
    const [before, now] = [(values[row - 1] as number) - middle, (values[row] as number) - middle];
    if (before < -deviation / 4) isBelow = true;
    if (!isBelow || !(now >= 0)) continue;
    const [early, late] = [times[row - 1] as number, times[row] as number];
    crossings.push({ row, time: early + ((late - early) * (0 - before)) / (now - before) });
    isBelow = false;
  }
  return crossings;
}

function meanOf(values: Float64Array): number {
  const finite = values.filter(Number.isFinite);
  return finite.reduce((sum, value) => sum + value, 0) / Math.max(1, finite.length);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
