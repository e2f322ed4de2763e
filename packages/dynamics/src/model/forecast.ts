/**
 * Forecasts in the user's words: from data or from a stated start to columns under the data's names and units.
 *
 * From data, the state is estimated on the first seconds of each trajectory's positions and then nothing is looked at
 * but its times and controls. Every row carries the band at its horizon and whether the state lies where the model was
 * trained; beyond, the band is widened with the distance.
 */

import type { Trajectory } from "../data/dataset.ts";
import { measuredControls } from "../data/measured-control.ts";
import { unwrap } from "../data/unwrap.ts";
import { estimateVelocity } from "../data/velocity.ts";
import { hostMath } from "../host-math/host-math.ts";
import type { DelayedControls } from "./control-lines.ts";
import type { Band, ModelRecord } from "./model-record.ts";
import type { Course, Motion, Simulator } from "./simulator.ts";
import { beyondTrained, distanceToTrained } from "./trained-region.ts";

/** A forecast of one trajectory in SI. */
export interface TrajectoryForecast {
  readonly trajectory: string;
  /** [n] s. */
  readonly times: Float64Array;
  /** [n, d]. */
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
  /** [n, d] edges of the band; NaN without one. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** [n] 1 where the state lies beyond the trained ones. */
  readonly outside: Uint8Array;
  /** [n] learned energy, or null. */
  readonly energies: Float64Array | null;
  /** Seconds from the first time on which the state was estimated; 0 for a stated start. */
  readonly observed: number;
}

/** Rows of one trajectory: what a forecast may start from. Without a mask, what is missing is NaN. */
export type Recording = Pick<Trajectory, "name" | "times" | "values" | "controls"> &
  Partial<Pick<Trajectory, "mask">> & {
    /** Of a part of a recording the whole: its controls act on across the start of the part. */
    readonly recording?: Pick<Trajectory, "times" | "controls">;
  };

/**
 * The forecast of a recording over its times up to `until`.
 * @param observe s of positions that the state is estimated on
 * @param until s after the first time; default the whole recording
 */
export function forecastRecording(
  record: ModelRecord,
  simulator: Simulator,
  recording: Recording,
  options: { readonly observe: number; readonly until?: number; readonly level?: number },
): TrajectoryForecast {
  const { observe, until = Number.POSITIVE_INFINITY, level = 0.9 } = options;
  const origin = recording.times[0] ?? 0;
  const times = recording.times.filter((time) => time - origin <= until + 1e-9);
  const course = { times, ...controlsOf(recording, record) };
  const seen = times.filter((time) => time - origin <= observe + 1e-9).length;
  const positions = positionsOf(recording, record).slice(0, seen * record.coordinates.length);
  const state = startState(record, simulator, course, positions, seen);
  const motion = simulator.run(state, course);
  return withBand(record, recording.name, course, motion, { observed: observe, level });
}

/** The forecast from a stated observation [2 d] at time 0. */
export function forecastFrom(
  record: ModelRecord,
  simulator: Simulator,
  observation: Float64Array,
  course: Course,
  level = 0.9,
): TrajectoryForecast {
  const motion = simulator.run(simulator.encode(observation), course);
  return withBand(record, "forecast", course, motion, { observed: 0, level });
}

/** Positions of a recording, unwrapped where periodic, [n, d]; NaN where missing. */
export function positionsOf(recording: Recording, record: Pick<ModelRecord, "coordinates">): Float64Array {
  const n = recording.times.length;
  const width = n === 0 ? 0 : recording.values.length / n;
  const d = record.coordinates.length;
  const result = new Float64Array(n * d);
  record.coordinates.forEach(({ periodic }, i) => {
    const column = Float64Array.from({ length: n }, (_, row) => {
      const at = row * width + i;
      return recording.mask?.[at] === 0 ? Number.NaN : (recording.values[at] as number);
    });
    (periodic ? unwrap(column) : column).forEach((value, row) => {
      result[row * d + i] = value;
    });
  });
  return result;
}

/** The half width of a band at a level and horizon for one coordinate; NaN without a band. */
export function halfWidthAt(band: Band | null, level: number, coordinate: number, horizon: number): number {
  if (band === null || band.levels.length === 0) return Number.NaN;
  const { levels, horizons, halfWidths } = band;
  const at = (row: number): number => interpolate(horizons, halfWidths[row]?.[coordinate] ?? [], Math.max(0, horizon));
  const above = levels.findIndex((value) => value >= level - 1e-12);
  if (above === -1) return at(levels.length - 1) * tailRatio(level, levels.at(-1) as number);
  if (above === 0) return at(0) * tailRatio(level, levels[0] as number);
  const [a, b] = [levels[above - 1] as number, levels[above] as number];
  return at(above - 1) + ((at(above) - at(above - 1)) * (level - a)) / (b - a);
}

/** What is added to the half width at a distance beyond the trained states, SI. */
function wideningAt({ band, facts }: ModelRecord, level: number, i: number, beyond: number, horizon: number): number {
  if (band === null) return 0;
  const growth = band.widening * (facts.coordinates[i]?.scale ?? 1) * beyond * Math.max(0, horizon) * facts.frequency;
  return growth * (level === 0.9 ? 1 : tailRatio(level, 0.9));
}

function startState(
  record: ModelRecord,
  simulator: Simulator,
  { times, ...given }: Course,
  positions: Float64Array,
  seen: number,
): Float64Array {
  const d = record.coordinates.length;
  const window = times.slice(0, seen);
  const period = (2 * Math.PI) / record.facts.frequency;
  const guess = new Float64Array(2 * d);
  for (let i = 0; i < d; i++) {
    const column = Float64Array.from({ length: seen }, (_, row) => positions[row * d + i] as number);
    const { positions: smooth, velocities } = estimateVelocity(window, column, { period });
    const finite = (values: Float64Array): number => values.find((value) => Number.isFinite(value)) ?? 0;
    guess[i] = Number.isFinite(smooth[0]) ? (smooth[0] as number) : finite(column);
    guess[d + i] = Number.isFinite(velocities[0]) ? (velocities[0] as number) : 0;
  }
  return simulator.estimate({ ...given, times: window, positions, guess });
}

function withBand(
  record: ModelRecord,
  trajectory: string,
  { times }: Course,
  motion: Motion,
  { observed, level }: { readonly observed: number; readonly level: number },
): TrajectoryForecast {
  const n = times.length;
  const d = record.coordinates.length;
  const positions = new Float64Array(n * d);
  const velocities = new Float64Array(n * d);
  const low = new Float64Array(n * d);
  const high = new Float64Array(n * d);
  const outside = new Uint8Array(n);
  let farthest = 0;
  for (let row = 0; row < n; row++) {
    const observation = motion.observations.subarray(row * 2 * d, (row + 1) * 2 * d);
    const distance = distanceToTrained(observation, record.region, record.facts);
    outside[row] = distance > record.region.reach ? 1 : 0;
    // Errors do not heal: once the state has been outside, what follows inherits the doubt.
    farthest = Math.max(farthest, beyondTrained(distance, record.region, record.band?.distance));
    const horizon = (times[row] as number) - (times[0] as number) - observed;
    for (let i = 0; i < d; i++) {
      const at = row * d + i;
      const half = halfWidthAt(record.band, level, i, horizon) + wideningAt(record, level, i, farthest, horizon);
      positions[at] = observation[i] as number;
      velocities[at] = observation[d + i] as number;
      low[at] = (observation[i] as number) - half;
      high[at] = (observation[i] as number) + half;
    }
  }
  return { trajectory, times, positions, velocities, low, high, outside, energies: motion.energies, observed };
}

/** The measured controls of a recording, held and delayed as the model was trained. */
function controlsOf(recording: Recording, { controls }: ModelRecord): DelayedControls {
  return {
    controls: measuredControls(recording.recording ?? recording, controls),
    delays: controls.map(({ delay }) => delay),
  };
}

/** Linear between the points; beyond them the last slope where it rises. */
function interpolate(x: readonly number[], y: readonly number[], at: number): number {
  const last = x.length - 1;
  if (last < 0) return Number.NaN;
  if (last === 0) return y[0] as number;
  let i = x.findIndex((value) => value >= at);
  if (i === -1) i = last;
  if (i === 0) return y[0] as number;
  const [x0, x1, y0, y1] = [x[i - 1], x[i], y[i - 1], y[i]] as [number, number, number, number];
  const slope = (y1 - y0) / (x1 - x0);
  return at > x1 ? y1 + Math.max(0, slope) * (at - x1) : y0 + slope * (at - x0);
}

/** Ratio of normal quantiles of two levels, for levels that were not calibrated. */
function tailRatio(level: number, known: number): number {
  return normalQuantile((1 + level) / 2) / normalQuantile((1 + known) / 2);
}

/** Quantile of the standard normal distribution, to about 4e-4: Hastings 1955; Abramowitz, Stegun, 26.2.23. */
function normalQuantile(p: number): number {
  const s = Math.sqrt(-2 * hostMath.log(Math.max(1e-12, 1 - p)));
  return s - (2.515517 + s * (0.802853 + s * 0.010328)) / (1 + s * (1.432788 + s * (0.189269 + s * 0.001308)));
}
