/**
 * The band of a forecast, from forecasts of data that nothing was trained or chosen on.
 *
 * In: a model and calibration pieces. Forecasts start at the beginning of every piece, as those of new data will; where
 * there are fewer than twelve pieces, at later points too. Their errors are collected by horizon, and the band is the
 * conformal quantile of each bin, standing at the bin's mean horizon. Errors may heal: where friction or a limit cycle
 * draws motions together the band narrows again. But a horizon that less than half of the forecasts reach proves no
 * healing: there the band does not narrow. Beyond the last bin the line through the last two goes on.
 * With n forecasts in a bin the quantile is that of level (n + 1) / n: errors along one forecast are no news, so it is
 * forecasts that count, not samples. How far from the trained states nine in ten of the forecasts stayed is kept: what
 * that distance costs is in the band already, and only what lies farther widens it, by `widening` for each unit.
 * Source: split conformal prediction: Lei, G'Sell, Rinaldo, Tibshirani, Wasserman, 2018, doi:10.1080/01621459.2017.1307116;
 * dependent errors within a forecast: Dunn, Wasserman, Ramdas, 2023, doi:10.1080/01621459.2022.2060112.
 */
import type { Segment } from "../data/segment.ts";
import { slice } from "../data/segment.ts";
import { forecastRecording, positionsOf, type TrajectoryForecast } from "../model/forecast.ts";
import type { Band, ModelRecord } from "../model/model-record.ts";
import type { Simulator } from "../model/simulator.ts";
import { distanceToTrained } from "../model/trained-region.ts";

/** Coverages that are calibrated. */
const levels = [0.5, 0.8, 0.9, 0.95];
/** Forecasts that are wanted in all, and bins of the horizon. */
const wantedStarts = 12;
const bins = 12;
/** At most this share of a piece is looked at before a forecast. */
const mostSeen = 0.25;

/**
 * A band, or null when the pieces hold fewer than 20 errors.
 * @param calibrated whether the pieces were kept apart from training and selection
 * @param widening what the band is widened by beyond the trained states; see `Band`
 */
export function calibrateBand(
  record: ModelRecord,
  simulator: Simulator,
  pieces: readonly Segment[],
  observe: number,
  calibrated: boolean,
  widening: number,
): Band | null {
  const starts = Math.ceil(wantedStarts / Math.max(1, pieces.length));
  const forecasts = pieces.flatMap((piece) =>
    Array.from({ length: starts }, (_, k) => calibrationForecast(record, simulator, piece, k / starts, observe)),
  );
  const errors = forecasts.flatMap((forecast, index) => errorsOf(record, forecast, index));
  const longest = errors.reduce((most, { horizon }) => Math.max(most, horizon), 0);
  if (errors.length < 20 || longest === 0) return null;
  const binned = binsOf(errors, longest);
  const horizons = binned.map((bin) => mean(bin.map(({ horizon }) => horizon)));
  const halfWidths = levels.map((level) =>
    record.coordinates.map((_, coordinate) => {
      const own = binned.map((bin) => bin.filter((error) => error.coordinate === coordinate));
      return steadied(
        own.map((bin) => quantileOf(bin, level)),
        own.map((bin) => 2 * forecastsIn(bin) >= forecasts.length),
      );
    }),
  );
  const distances = forecasts.map(({ forecast }) => farthest(record, forecast)).sort((a, b) => a - b);
  const distance = distances[Math.ceil(0.9 * distances.length) - 1] ?? 0;
  return { calibrated, levels, horizons, halfWidths, widening, distance: Number.isFinite(distance) ? distance : 0 };
}

interface CalibrationForecast {
  readonly part: Segment;
  readonly forecast: TrajectoryForecast;
}

interface ForecastError {
  readonly coordinate: number;
  readonly horizon: number;
  readonly size: number;
  /** Which forecast it is of. */
  readonly forecast: number;
}

/** The forecast of the rest of a piece from a share of it on. */
function calibrationForecast(
  record: ModelRecord,
  simulator: Simulator,
  piece: Segment,
  share: number,
  observe: number,
): CalibrationForecast {
  const [first, last] = [piece.times[0] ?? 0, piece.times.at(-1) ?? 0];
  const seen = Math.min(observe, mostSeen * (last - first));
  const begin = first + (last - first - 2 * seen) * share;
  const from = piece.times.findIndex((time) => time >= begin);
  const part = slice(piece, from, piece.times.length);
  return { part, forecast: forecastRecording(record, simulator, part, { observe: seen }) };
}

function errorsOf(
  record: ModelRecord,
  { part, forecast: { times, positions, observed } }: CalibrationForecast,
  forecast: number,
): readonly ForecastError[] {
  const d = record.coordinates.length;
  const truth = positionsOf(part, record);
  const origin = (times[0] ?? 0) + observed;
  return Array.from(times).flatMap((time, row): readonly ForecastError[] =>
    time < origin
      ? []
      : record.coordinates.flatMap((_, coordinate) => {
          const size = Math.abs((positions[row * d + coordinate] as number) - (truth[row * d + coordinate] as number));
          return Number.isNaN(size) ? [] : [{ coordinate, horizon: time - origin, size, forecast }];
        }),
  );
}

/** The largest distance of a forecast from the trained states. */
function farthest({ region, facts }: ModelRecord, { positions, velocities, times }: TrajectoryForecast): number {
  const d = facts.coordinates.length;
  const distances = Array.from(times, (_, row) => {
    const own = (values: Float64Array): Float64Array => values.subarray(row * d, (row + 1) * d);
    return distanceToTrained([...own(positions), ...own(velocities)], region, facts);
  });
  return distances.reduce((most, distance) => Math.max(most, distance), 0);
}

/** Bins of equal length; empty ones are left out. */
function binsOf(errors: readonly ForecastError[], longest: number): readonly (readonly ForecastError[])[] {
  const found = Array.from({ length: bins }, (): ForecastError[] => []);
  for (const error of errors) {
    const bin = Math.min(bins - 1, Math.floor((bins * error.horizon) / longest));
    found[bin]?.push(error);
  }
  return found.filter(({ length }) => length > 0);
}

/** The half width that holds a share of the errors. */
function quantileOf(errors: readonly ForecastError[], level: number): number {
  if (errors.length === 0) return 0;
  const forecasts = forecastsIn(errors);
  const sorted = errors.map(({ size }) => size).sort((a, b) => a - b);
  const rank = Math.ceil((level * sorted.length * (forecasts + 1)) / forecasts);
  return sorted[Math.min(sorted.length, rank) - 1] as number;
}

/** Values that narrow only where they are well known. */
function steadied(values: readonly number[], known: readonly boolean[]): readonly number[] {
  const result: number[] = [];
  for (const [index, value] of values.entries()) {
    result.push(known[index] === true ? value : Math.max(value, result[index - 1] ?? 0));
  }
  return result;
}

function forecastsIn(errors: readonly ForecastError[]): number {
  return new Set(errors.map(({ forecast }) => forecast)).size;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
