/**
 * Forecasts of test recordings beside what was measured.
 *
 * In: forecasts as they were made, once. Out: panels of them in the user's units, one for each coordinate of each
 * recording: what sentences are made of and what figures draw.
 */
import { fromSi } from "../data/unit.ts";
import { positionsOf } from "../model/forecast.ts";
import type { ModelRecord } from "../model/model-record.ts";
import type { Quantity } from "./quantity.ts";
import type { Score } from "./score.ts";
import { scoredLevel, type TestForecast } from "./test-forecast.ts";

/** One coordinate of one test recording, forecast from its first seconds. Arrays run over the same n times. */
export interface ForecastPanel {
  readonly trajectory: string;
  readonly coordinate: Quantity;
  readonly time: Quantity;
  /** End of the part that the start state was estimated from. */
  readonly observedUntil: number;
  readonly times: Float64Array;
  /** NaN where nothing was measured. */
  readonly truth: Float64Array;
  readonly forecast: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Fraction that the band is meant to cover. */
  readonly level: number;
  readonly rmse: number;
}

/**
 * The panels of test forecasts, in the user's units: every coordinate of the first recording, then of the next.
 * @param score of the same forecasts, for the error of each
 */
export function forecastPanels(
  record: ModelRecord,
  tests: readonly TestForecast[],
  score: Score | null,
): readonly ForecastPanel[] {
  return tests.flatMap((test, piece) =>
    record.coordinates.map((_, index) => panelOf(record, test, index, score?.pieces[piece]?.rmse[index] ?? Number.NaN)),
  );
}

function panelOf(record: ModelRecord, { piece, forecast }: TestForecast, index: number, rmse: number): ForecastPanel {
  const axis = record.coordinates[index] as ModelRecord["coordinates"][number];
  const width = record.coordinates.length;
  const length = forecast.times.length;
  const column = (values: Float64Array, of: number, at: number): Float64Array =>
    Float64Array.from({ length }, (_, row) => fromSi(axis.unit, values[row * of + at] as number));
  const values = column(forecast.positions, width, index);
  const truth = column(positionsOf(piece, record), width, index);
  const times = forecast.times.map((time) => fromSi(record.time.unit, time));
  const observedUntil = fromSi(record.time.unit, (forecast.times[0] ?? 0) + forecast.observed);
  return {
    trajectory: piece.name,
    coordinate: { name: axis.name, unit: axis.unit.symbol },
    time: { name: record.time.name, unit: record.time.unit.symbol },
    observedUntil,
    times,
    truth,
    forecast: values,
    low: column(forecast.low, width, index),
    high: column(forecast.high, width, index),
    level: scoredLevel,
    rmse: fromSi(axis.unit, rmse),
  };
}
