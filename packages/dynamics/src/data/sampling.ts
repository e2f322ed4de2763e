/**
 * The sampling rate to work at, by rule, with the sentence that says so.
 *
 * In: the training segments. Out: keep every k-th sample, k of 1, 2, 5, 10, 20 …, so that at least 60 samples are left
 * in a period; more samples cost time and teach nothing. Without a period the rate is kept. Recordings of another rate
 * than most come near the same rate by factors of their own.
 * Deliberately not done: looking at any other use of the data; interpolation to a grid.
 */

import { type Dataset, observedIndex } from "./dataset.ts";
import { median, medianStep } from "./oddity-measure.ts";
import { crossingIntervals } from "./period.ts";
import { quantumOf } from "./quantum.ts";
import type { Segment } from "./segment.ts";
import type { Smoothing } from "./smoothing.ts";
import { fromSi, toSi, type Unit } from "./unit.ts";
import { unwrap } from "./unwrap.ts";

/** How densely to sample. */
export interface Sampling {
  /** Every how many samples one is kept, of recordings with the usual step. */
  readonly every: number;
  /** The usual step of time before thinning, s; where it is not stated `every` is for all recordings. */
  readonly step?: number;
  /** The shortest dominant period of a coordinate, s; null when there is none. */
  readonly period: number | null;
  /** How positions become velocities; default `spline`. */
  readonly smooth?: Smoothing;
  /** [d] the quantum of each coordinate's sensor, SI; null where none shows. */
  readonly quanta?: readonly (number | null)[];
  /** The rule in words. */
  readonly line: string;
}

const wanted = 60;
const least = 10;

/**
 * Chooses the sampling.
 * @param rate samples per second to come near to; by rule when not stated
 */
export function chooseSampling(
  dataset: Dataset,
  segments: readonly Segment[],
  rate?: number,
  smooth: Smoothing = "spline",
): Sampling {
  const step = medianStep(segments);
  const quanta = dataset.coordinates.map((_, coordinate) => quantumOfSensor(dataset, segments, coordinate));
  if (step === null) return { every: 1, period: null, smooth, quanta, line: "sampling: a single time" };
  const period = shortestPeriod(dataset, segments);
  const own = 1 / step;
  const every =
    rate === undefined
      ? roundFactor(period === null ? 1 : period / step / wanted)
      : Math.max(1, Math.round(own / rate));
  const sampling = { every, period, smooth, quanta };
  const isKept = rate === undefined && period === null;
  const steps = isKept ? {} : { step };
  const others = segments.filter((segment) => everyOf({ ...sampling, ...steps }, segment) !== every);
  const names = new Set(others.map(({ name }) => name));
  const line = sentence(own, every, period, dataset.time.unit, smooth);
  return { ...sampling, ...steps, line: names.size === 0 ? line : `${line}; ${otherRates(names)}` };
}

/** A rate differs where the step does by more than a fifth: the clock of a recording may be uneven. */
const sameRate = 1.2;

/** Every how many samples of a segment one is kept: by its own rate. */
export function everyOf({ every, step }: Pick<Sampling, "every" | "step">, segment: Pick<Segment, "times">): number {
  const own = step === undefined ? null : medianStep([segment]);
  if (step === undefined || own === null || (own < sameRate * step && step < sameRate * own)) return every;
  return Math.max(1, Math.round((every * step) / own));
}

function otherRates(names: ReadonlySet<string>): string {
  const [first = "", second, ...more] = names;
  const some =
    second === undefined ? first : `${first}, ${second}${more.length === 0 ? "" : ` and ${more.length} more`}`;
  return `${some} by their own rate, near the same`;
}

/** The quantum over all segments of one coordinate, before turns are added. */
function quantumOfSensor(dataset: Dataset, segments: readonly Segment[], coordinate: number): number | null {
  const index = observedIndex(dataset, "position", coordinate);
  return quantumOf(Float64Array.from(segments.flatMap((segment) => [...columnOf(dataset, segment, index)])));
}

/** The shortest dominant period over the coordinates, s; null when none swings. */
export function shortestPeriod(dataset: Dataset, segments: readonly Segment[]): number | null {
  const periods = dataset.coordinates.flatMap((_, coordinate) => {
    const intervals = segments.flatMap((segment) =>
      crossingIntervals(segment.times, positionsOf(dataset, segment, coordinate)),
    );
    return median(intervals) ?? [];
  });
  return periods.length === 0 ? null : Math.min(...periods);
}

/** One coordinate of a segment, unwrapped when periodic: [n] SI. */
export function positionsOf(dataset: Dataset, segment: Segment, coordinate: number): Float64Array {
  const positions = columnOf(dataset, segment, observedIndex(dataset, "position", coordinate));
  return dataset.coordinates[coordinate]?.periodic ? unwrap(positions) : positions;
}

/** One observed column of a segment: [n] SI; NaN where the mask is 0, whatever number stands there. */
export function columnOf(dataset: Pick<Dataset, "observed">, segment: Segment, index: number): Float64Array {
  const width = dataset.observed.length;
  return Float64Array.from(segment.times, (_, row) => {
    const at = row * width + index;
    return segment.mask[at] === 0 ? Number.NaN : (segment.values[at] as number);
  });
}

function roundFactor(factor: number): number {
  let best = 1;
  for (let decade = 1; decade <= factor; decade *= 10) {
    for (const digit of [1, 2, 5]) if (digit * decade <= factor) best = digit * decade;
  }
  return best;
}

function sentence(own: number, every: number, period: number | null, unit: Unit, smooth: Smoothing): string {
  const short = (value: number): string => String(Number(value.toPrecision(3)));
  const rate = (value: number): string => {
    if (unit.numerator > 60) return `${short(value * toSi(unit, 1))} per ${unit.symbol}`;
    return Number(short(value)) < 1000 ? `${short(value)} Hz` : `${short(value / 1000)} kHz`;
  };
  const rates =
    every === 1
      ? `sampling: ${rate(own)} kept`
      : `sampling: ${rate(own)} to ${rate(own / every)}, ${smooth === "none" ? "thinned" : "filtered"}`;
  if (period === null) return `${rates} (no whole period seen)`;
  const samples = (period * own) / every;
  const warning = samples < least ? `; fewer than ${least} samples in a period: record faster` : "";
  return `${rates} (period ${short(fromSi(unit, period))} ${unit.symbol} = ${Math.round(samples)} samples${warning})`;
}
