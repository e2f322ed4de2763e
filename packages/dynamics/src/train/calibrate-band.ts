/**
 * The band of a forecast, from forecasts of data that nothing was trained or chosen on.
 *
 * In: a model and calibration pieces. Forecasts start at many points of each piece; their errors are collected by
 * horizon, and the band is the conformal quantile of their magnitudes in each bin, made monotone in the horizon (errors do
 * not heal) and continued beyond the last bin by a line through the origin of the growth. Errors grow with the distance
 * from the trained states as well; `widening` is the factor for each unit of it.
 * Source: split conformal prediction: Lei, G'Sell, Rinaldo, Tibshirani, Wasserman, 2018, doi:10.1080/01621459.2017.1307116.
 */
import type { Segment } from "../data/segment.ts";
import { slice } from "../data/segment.ts";
import { forecastRecording, positionsOf } from "../model/forecast.ts";
import type { Band, ModelRecord } from "../model/model-record.ts";
import type { Simulator } from "../model/simulator.ts";

/** Coverages that are calibrated. */
const levels = [0.5, 0.8, 0.9, 0.95];
/** Starts in each piece, and bins of the horizon. */
const startsPerPiece = 12;
const bins = 12;
/** At most this share of a piece is looked at before a forecast. */
const mostSeen = 0.25;

/**
 * A band, or null when the pieces hold fewer than 20 errors.
 * @param calibrated whether the pieces were kept apart from training and selection
 */
export function calibrateBand(
  record: ModelRecord,
  simulator: Simulator,
  pieces: readonly Segment[],
  observe: number,
  calibrated: boolean,
  widening: number,
): Band | null {
  const errors = pieces.flatMap((piece) => errorsOf(record, simulator, piece, observe));
  const longest = errors.reduce((most, { horizon }) => Math.max(most, horizon), 0);
  if (errors.length < 20 || longest === 0) return null;
  const edges = Array.from({ length: bins }, (_, i) => (longest * (i + 1)) / bins);
  const halfWidths = levels.map((level) =>
    record.coordinates.map((_, coordinate) => {
      const own = errors.filter((error) => error.coordinate === coordinate);
      const raw = edges.map((edge, i) => {
        const from = i === 0 ? -1 : (edges[i - 1] as number);
        const bin = own.filter(({ horizon }) => horizon > from && horizon <= edge).map(({ size }) => size);
        return conformalQuantile(bin, level);
      });
      return monotone(raw);
    }),
  );
  // Each bin's quantile stands at its right edge, which is cautious; the first also at horizon 0.
  return {
    calibrated,
    levels,
    horizons: [0, ...edges],
    halfWidths: halfWidths.map((row) => row.map((values) => [values[0] as number, ...values])),
    widening,
  };
}

interface ForecastError {
  readonly coordinate: number;
  readonly horizon: number;
  readonly size: number;
}

function errorsOf(
  record: ModelRecord,
  simulator: Simulator,
  piece: Segment,
  observe: number,
): readonly ForecastError[] {
  const n = piece.times.length;
  const d = record.coordinates.length;
  const end = piece.times[n - 1] ?? 0;
  const span = end - (piece.times[0] ?? 0);
  const seen = Math.min(observe, mostSeen * span);
  return Array.from({ length: startsPerPiece }, (_, k) => {
    const begin = (piece.times[0] as number) + ((span - 2 * seen) * k) / startsPerPiece;
    const from = piece.times.findIndex((time) => time >= begin);
    const part = slice(piece, from, n);
    const forecast = forecastRecording(record, simulator, part, { observe: seen });
    const truth = positionsOf(part, record);
    const origin = (part.times[0] as number) + seen;
    return Array.from(part.times).flatMap((time, row): readonly ForecastError[] =>
      time < origin
        ? []
        : record.coordinates.flatMap((_coordinate, i) => {
            const size = Math.abs((forecast.positions[row * d + i] as number) - (truth[row * d + i] as number));
            return Number.isNaN(size) ? [] : [{ coordinate: i, horizon: time - origin, size }];
          }),
    );
  }).flat();
}

/** The ceil((n + 1) level)-th smallest of n; the largest when there are too few. */
function conformalQuantile(values: readonly number[], level: number): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length + 1) * level) - 1)] as number;
}

function monotone(values: readonly number[]): number[] {
  let most = 0;
  return values.map((value) => {
    most = Math.max(most, value);
    return most;
  });
}
