/**
 * Windows of equal length cut from prepared segments: what rollouts are fitted to.
 *
 * A window that is shorter than the others is padded: its last time is repeated (intervals of length 0) and the weight
 * of the padding is 0. A missing value has weight 0 as well and stands as 0, so that nothing becomes NaN; a missing
 * control keeps its last value, as in forecasts.
 */
import type { DataPlace } from "../data/data-place.ts";
import type { MeasuredControl } from "../data/measured-control.ts";
import type { MotionSegment } from "../data/prepare.ts";
import { statedSigmas, usualSigma, weightOf } from "../data/stated-noise.ts";

/** S windows of T times, d coordinates; row-major. */
export interface Windows {
  readonly count: number;
  readonly length: number;
  /** [S, T - 1] start of each interval from the start of its window, s. */
  readonly t: Float64Array;
  /** [S, T - 1] s. */
  readonly h: Float64Array;
  /** [S] the start of each window on its recording's clock, s. */
  readonly origins: Float64Array;
  /** [S] where each window starts. */
  readonly places: readonly DataPlace[];
  /** [S] the controls of each window's recording. */
  readonly controls: readonly (readonly MeasuredControl[])[];
  /** [S, T, d] SI. */
  readonly positions: Float64Array;
  /** [S, T, d] what errors are multiplied by: 0 where nothing counts, else 1, or by the stated standard deviations. */
  readonly weights: Float64Array;
  /** [S, T, 2 d] positions and velocities, and what their squared errors are multiplied by. */
  readonly observations: Float64Array;
  readonly observedWeights: Float64Array;
  /** [S, 2 d] positions and velocities at the start, measured or estimated. */
  readonly starts: Float64Array;
}

interface Cut {
  readonly segment: MotionSegment;
  readonly from: number;
  readonly to: number;
}

/**
 * Windows of at most `samples` times.
 * @param samples at least 3; segments are divided into as few equal pieces as hold at most this many intervals
 * @param limit the most windows; those kept are spread evenly
 */
export function cutWindows(segments: readonly MotionSegment[], width: number, samples: number, limit = 64): Windows {
  const all = segments.flatMap((segment) => pieces(segment, width, samples));
  const chosen =
    all.length <= limit
      ? all
      : Array.from({ length: limit }, (_, i) => all[Math.floor((i * all.length) / limit)] as Cut);
  const length = Math.max(3, ...chosen.map(({ from, to }) => to - from));
  const windows: Windows = {
    count: chosen.length,
    length,
    t: new Float64Array(chosen.length * (length - 1)),
    h: new Float64Array(chosen.length * (length - 1)),
    origins: Float64Array.from(chosen, ({ segment, from }) => segment.times[from] as number),
    places: chosen.map(({ segment, from }) => ({
      trajectory: segment.trajectory,
      time: segment.times[from] as number,
    })),
    controls: chosen.map(({ segment }) => segment.signals),
    positions: new Float64Array(chosen.length * length * width),
    weights: new Float64Array(chosen.length * length * width),
    observations: new Float64Array(chosen.length * length * 2 * width),
    observedWeights: new Float64Array(chosen.length * length * 2 * width),
    starts: new Float64Array(chosen.length * 2 * width),
  };
  const usual = Array.from({ length: width }, (_, coordinate) => usualSigma(statedSigmas(segments, width, coordinate)));
  chosen.forEach((cut, index) => {
    fill(windows, index, cut, usual);
  });
  return windows;
}

function pieces(segment: MotionSegment, width: number, samples: number): readonly Cut[] {
  const rows = segment.times.length;
  const count = Math.max(1, Math.ceil((rows - 1) / (samples - 1)));
  const cuts = Array.from({ length: count }, (_, i) => ({
    segment,
    from: firstMeasured(segment, width, Math.floor((i * (rows - 1)) / count)),
    to: Math.floor(((i + 1) * (rows - 1)) / count) + 1,
  }));
  return cuts.filter(({ from, to }) => to - from >= 3);
}

/** The first row from `row` on with a position and a velocity of every coordinate. */
function firstMeasured({ times, mask }: MotionSegment, width: number, row: number): number {
  let at = row;
  while (at < times.length && mask.subarray(at * width, (at + 1) * width).includes(0)) at++;
  return at;
}

function fill(windows: Windows, index: number, { segment, from, to }: Cut, usual: readonly (number | null)[]): void {
  const { length, t, h, positions, weights, observations, observedWeights, starts } = windows;
  const width = usual.length;
  const origin = segment.times[from] as number;
  for (let k = 0; k < length; k++) {
    const row = Math.min(from + k, to - 1);
    for (let i = 0; i < width; i++) {
      const value = segment.positions[row * width + i] as number;
      const counts = from + k < to && Number.isFinite(value);
      positions[(index * length + k) * width + i] = counts ? value : 0;
      const weight = counts ? weightOf(segment.sigmas?.[row * width + i] ?? Number.NaN, usual[i] ?? null) : 0;
      weights[(index * length + k) * width + i] = weight;
      const rate = segment.velocities[row * width + i] as number;
      const at = (index * length + k) * 2 * width;
      observations[at + i] = counts ? value : 0;
      observedWeights[at + i] = weight * weight;
      const rated = from + k < to && Number.isFinite(rate);
      observations[at + width + i] = rated ? rate : 0;
      observedWeights[at + width + i] = rated ? 1 : 0;
    }
    if (k === length - 1) continue;
    const next = Math.min(row + 1, to - 1);
    t[index * (length - 1) + k] = (segment.times[row] as number) - origin;
    h[index * (length - 1) + k] = (segment.times[next] as number) - (segment.times[row] as number);
  }
  for (let i = 0; i < width; i++) {
    starts[index * 2 * width + i] = segment.positions[from * width + i] as number;
    starts[index * 2 * width + width + i] = segment.velocities[from * width + i] as number;
  }
}
