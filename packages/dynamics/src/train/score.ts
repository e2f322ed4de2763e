/**
 * How good forecasts are: the metrics, defined once.
 *
 * A forecast starts from a state estimated on the first seconds of a piece and is held against the whole rest of it.
 * rmse: root mean square error of a position, SI; the mean over coordinates is of errors in units of each coordinate's
 * scale where there are several. fit: 100 (1 - |error| / |data - mean|) %. valid time: until the error of a coordinate
 * first exceeds 20 % of its scale.
 */
import type { Segment } from "../data/segment.ts";
import { positionsOf, type TrajectoryForecast } from "../model/forecast.ts";
import type { ModelRecord } from "../model/model-record.ts";
import type { Simulator } from "../model/simulator.ts";
import { forecastPieces } from "./test-forecast.ts";

/** Errors of one forecast. */
export interface PieceScore {
  readonly trajectory: string;
  /** [d] SI, over the whole piece; NaN for a coordinate that was not measured there. */
  readonly rmse: readonly number[];
  /** [d] %. */
  readonly fit: readonly number[];
  /** s after the estimate; the length of the piece when the error never exceeds the limit. */
  readonly validTime: number;
  /** Share of samples inside the band, 0 to 1; NaN without a band. */
  readonly coverage: number;
  readonly samples: number;
}

/** Scores of a model on pieces. */
export interface Score {
  readonly pieces: readonly PieceScore[];
  /** [d] mean over pieces, SI. */
  readonly rmse: readonly number[];
  readonly fit: readonly number[];
  readonly validTime: number;
  /** Share of all samples inside the band. */
  readonly coverage: number;
}

/** Scores forecasts of pieces; the state is estimated on the first `observe` seconds of each, at most 40 % of it. */
export function scoreOf(record: ModelRecord, simulator: Simulator, pieces: readonly Segment[], observe: number): Score {
  const forecasts = forecastPieces(record, simulator, pieces, observe);
  const scores = forecasts.map(({ piece, forecast }) => scorePiece(record, piece, forecast));
  // A piece on which a coordinate was never measured says nothing about it.
  const mean = (pick: (score: PieceScore) => number): number => {
    const known = scores.map(pick).filter((value) => !Number.isNaN(value));
    return known.reduce((sum, value) => sum + value, 0) / (scores.length === 0 ? 1 : known.length);
  };
  const total = scores.reduce((sum, { samples }) => sum + samples, 0);
  return {
    pieces: scores,
    rmse: record.coordinates.map((_, i) => mean(({ rmse }) => rmse[i] as number)),
    fit: record.coordinates.map((_, i) => mean(({ fit }) => fit[i] as number)),
    validTime: mean(({ validTime }) => validTime),
    coverage: scores.reduce((sum, { coverage, samples }) => sum + coverage * samples, 0) / Math.max(1, total),
  };
}

/** One number for ranking: the mean over coordinates of the error in units of their scale. */
export function relativeError({ rmse }: Score, { facts }: ModelRecord): number {
  const terms = facts.coordinates.map(({ scale }, i) => (rmse[i] as number) / scale);
  const total = terms.reduce((sum, value) => sum + value, 0) / Math.max(1, terms.length);
  return Number.isFinite(total) ? total : Number.POSITIVE_INFINITY;
}

/** One measured value of a coordinate and how far the forecast is off. */
interface Deviation {
  readonly error: number;
  readonly value: number;
  readonly row: number;
}

/** The deviations of each coordinate, time by time; nothing where nothing was measured. */
function errorColumns(
  record: ModelRecord,
  piece: Segment,
  forecast: TrajectoryForecast,
): readonly (readonly Deviation[])[] {
  const d = record.coordinates.length;
  const truth = positionsOf(piece, record);
  const rows = Array.from(forecast.times, (_, row) => row);
  return record.coordinates.map((_, i) =>
    rows.flatMap((row) => {
      const value = truth[row * d + i] as number;
      return Number.isFinite(value) ? [{ error: (forecast.positions[row * d + i] as number) - value, value, row }] : [];
    }),
  );
}

function scorePiece(record: ModelRecord, piece: Segment, forecast: TrajectoryForecast): PieceScore {
  const d = record.coordinates.length;
  const columns = errorColumns(record, piece, forecast);
  const { held } = holdingTime(record, columns, forecast);
  const inside = columns.map((entries, i) =>
    entries.filter(
      ({ value, row }) =>
        value >= (forecast.low[row * d + i] as number) && value <= (forecast.high[row * d + i] as number),
    ),
  );
  const samples = columns.reduce((sum, entries) => sum + entries.length, 0);
  return {
    trajectory: piece.name,
    rmse: columns.map((entries) => rootMean(entries.map(({ error }) => error * error))),
    fit: columns.map((entries) => {
      const mean = entries.reduce((sum, { value }) => sum + value, 0) / Math.max(1, entries.length);
      const spread = rootMean(entries.map(({ value }) => (value - mean) ** 2));
      return 100 * (1 - rootMean(entries.map(({ error }) => error * error)) / Math.max(spread, 1e-300));
    }),
    validTime: held,
    coverage:
      record.band === null
        ? Number.NaN
        : inside.reduce((sum, entries) => sum + entries.length, 0) / Math.max(1, samples),
    samples,
  };
}

/** How long a forecast held: s after the estimate until an error exceeded its limit, or until nothing was left to compare. */
export interface Holding {
  readonly held: number;
  /** Whether an error ended it; otherwise the end of the recording did. */
  readonly failed: boolean;
}

/** Share of a coordinate's scale that the error of a valid forecast does not exceed. */
const validShare = 0.2;

/** The errors that end a valid forecast, [d] SI. */
export function validLimits({ facts }: Pick<ModelRecord, "facts">): readonly number[] {
  return facts.coordinates.map(({ scale }) => validShare * scale);
}

/** How long the forecast of a piece held. */
export function holdingOf(record: ModelRecord, piece: Segment, forecast: TrajectoryForecast): Holding {
  return holdingTime(record, errorColumns(record, piece, forecast), forecast);
}

function holdingTime(
  record: ModelRecord,
  columns: readonly (readonly Deviation[])[],
  { times, observed }: TrajectoryForecast,
): Holding {
  const origin = (times[0] ?? 0) + observed;
  const limits = validLimits(record);
  const failures = columns.flatMap((entries, i) => {
    const failed = entries.find(({ error }) => !(Math.abs(error) <= (limits[i] as number)));
    return failed === undefined ? [] : [times[failed.row] as number];
  });
  const end = Math.min(times.at(-1) ?? 0, ...failures);
  return { held: Math.max(0, end - origin), failed: failures.length > 0 };
}

/** NaN for none, infinite where a forecast is not finite. */
function rootMean(squares: readonly number[]): number {
  if (squares.length === 0) return Number.NaN;
  const mean = squares.reduce((sum, value) => sum + value, 0) / squares.length;
  return Number.isNaN(mean) ? Number.POSITIVE_INFINITY : Math.sqrt(mean);
}
