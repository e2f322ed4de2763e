/**
 * What is odd about the motion itself: too few samples in a period, and a measured rate that is not the rate of its
 * coordinate.
 */

import { quoted } from "../column-role.ts";
import type { Axis } from "../dataset.ts";
import { median } from "../oddity-measure.ts";
import { crossingIntervals } from "../period.ts";
import { fromSi, hasDimension, toSi } from "../unit.ts";
import { type Oddity, placeAt } from "./oddity.ts";
import { type ColumnSeries, shortNumber, withUnit } from "./series.ts";

const least = 10;

/** How densely a motion is sampled. */
export interface PeriodSamples {
  readonly samples: number;
  /** s */
  readonly period: number;
}

/** Samples in a period of a coordinate; null without a whole period. */
export function samplesPerPeriod({ series }: Pick<ColumnSeries, "series">): PeriodSamples | null {
  const intervals = series.flatMap(({ times, values }) => crossingIntervals(times, values));
  const period = isSteady(intervals) ? median(intervals) : null;
  const step = median(series.flatMap((each) => each.step ?? []));
  return period === null || step === null || step === 0 ? null : { samples: period / step, period };
}

/** Whether half of the intervals are within a quarter of their median: crossings of noise are not. */
function isSteady(intervals: readonly number[]): boolean {
  const middle = median(intervals) ?? 0;
  return 2 * intervals.filter((each) => Math.abs(each - middle) < middle / 4).length > intervals.length;
}

/**
 * The oddity of a coordinate that is sampled too slowly.
 * @param moved the coordinate without jumps, spikes and codes
 * @param found its samples in a period
 */
export function samplesOddities(moved: ColumnSeries, found: PeriodSamples | null, time: Axis): readonly Oddity[] {
  if (found === null || found.samples >= least) return [];
  const period = withUnit(Number(fromSi(time.unit, found.period).toPrecision(3)), time);
  return [
    {
      kind: "too-few-samples",
      column: moved.column.name,
      found: `${shortNumber(Number(found.samples.toPrecision(2)))} samples in a period of ${period}, fewer than ${least}`,
      remedy: "Record faster: velocities cannot be told from so few.",
      count: 1,
      places: [...new Set(moved.series.map(({ file }) => file))].map((file) => placeAt(file, null)),
    },
  ];
}

/** A rate with less variance in common with that of its coordinate is the rate of something else. */
const leastShared = 0.1;

/**
 * The oddity of a rate that is not the rate of its coordinate. Both without jumps, spikes and codes.
 * @param sampled samples in a period of the coordinate
 */
export function rateOddities(
  rate: ColumnSeries,
  coordinate: ColumnSeries,
  sampled: PeriodSamples | null,
): readonly Oddity[] {
  const bounds = ratioBounds(rate, coordinate, sampled);
  if (bounds === null) return [];
  const [low, high] = bounds;
  const shared = low / high;
  if (Math.abs(high) > 0.8 && Math.abs(low) < 1.25 && low > 0 && shared > leastShared) return [];
  const ratio = Math.sign(low + high) * Math.sqrt(Math.abs(low * high));
  const toDegrees = 180 / Math.PI;
  const isNear = (value: number): boolean => Math.abs(ratio / value - 1) < 0.25;
  const isAngular = hasDimension(rate.column.unit, { angle: 1, time: -1 });
  const { name } = coordinate.column;
  const flag = `--column ${quoted(rate.column.name)}=velocity`;
  const [found, remedy] =
    isAngular && isNear(toDegrees)
      ? [`${toDegrees.toFixed(1)} times the rate of ${name}: looks like deg/s`, `Say ${flag}:deg/s.`]
      : isAngular && isNear(1 / toDegrees)
        ? [`1/${toDegrees.toFixed(1)} of the rate of ${name}: looks like rad/s`, `Say ${flag}:rad/s.`]
        : shared <= leastShared
          ? [
              `does not follow the rate of ${name}: ${shortNumber(Number((100 * shared).toPrecision(2)))} % of its variance is common to both`,
              `Check whose rate it is, or say ${flag.replace(/velocity$/, "ignore")}.`,
            ]
          : [
              `${ratio.toPrecision(3)} times the rate of ${name}`,
              `Check its unit and its sign, or say ${flag.replace(/velocity$/, "ignore")}.`,
            ];
  const places = [...new Set(rate.series.map(({ file }) => file))].map((file) => placeAt(file, null));
  return [{ kind: "rate-mismatch", column: rate.column.name, found, remedy, count: 1, places }];
}

/**
 * Between which factors the measured rate is that of the coordinate: least squares of way by rate against way by
 * coordinate over a twentieth of a period, and the reverse. Noise of either moves one of them only. Null without motion.
 */
function ratioBounds(
  rate: ColumnSeries,
  coordinate: ColumnSeries,
  sampled: PeriodSamples | null,
): readonly [low: number, high: number] | null {
  if (sampled !== null && sampled.samples < least) return null;
  const stride = Math.max(2, Math.round((sampled?.samples ?? 40) / 20));
  let [squareWay, squareRate, product] = [0, 0, 0];
  for (const [index, { times, step, values }] of coordinate.series.entries()) {
    const speeds = rate.series[index]?.values ?? new Float64Array(0);
    const limit = 2.5 * (step ?? 0) * stride;
    const { sums, since } = integralOf(times, speeds);
    for (let row = stride; row < times.length; row++) {
      const way = toSi(coordinate.column.unit, (values[row] as number) - (values[row - stride] as number));
      if (Number.isNaN(way) || (times[row] as number) - (times[row - stride] as number) > limit) continue;
      if ((since[row] as number) > row - stride) continue;
      const byRate = toSi(rate.column.unit, (sums[row] as number) - (sums[row - stride] as number));
      squareWay += way * way;
      squareRate += byRate * byRate;
      product += way * byRate;
    }
  }
  if (squareWay === 0 || squareRate === 0 || product === 0) return null;
  return [product / squareWay, squareRate / product].sort((a, b) => Math.abs(a) - Math.abs(b)) as [number, number];
}

/** The running integral of values by the trapezoidal rule, and since which row none is missing. */
function integralOf(
  times: Float64Array,
  values: Float64Array,
): { readonly sums: Float64Array; readonly since: Int32Array } {
  const sums = new Float64Array(times.length);
  const since = new Int32Array(times.length);
  for (let row = 0; row < times.length; row++) {
    const isMissing = Number.isNaN(values[row] ?? Number.NaN);
    const mean = ((values[row] as number) + (values[row - 1] as number)) / 2;
    const piece = mean * ((times[row] as number) - (times[row - 1] as number));
    sums[row] = (sums[row - 1] ?? 0) + (Number.isNaN(piece) ? 0 : piece);
    since[row] = isMissing ? row + 1 : (since[row - 1] ?? 0);
  }
  return { sums, since };
}
