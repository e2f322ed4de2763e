/** Forecasts of test recordings beside what was measured, in the user's units: one panel for each coordinate. */
import {
  fromSi,
  type ModelRecord,
  positionsOf,
  type Run,
  type Segment,
  type TrajectoryForecast,
} from "@leastaction/dynamics";
import type { ForecastPanel } from "./report-content.ts";

/** A test recording and its forecast over the same times. */
export interface TestForecast {
  readonly piece: Segment;
  readonly forecast: TrajectoryForecast;
}

export function forecastPanels(
  record: ModelRecord,
  tests: readonly TestForecast[],
  score: Run["test"],
  level: number,
): readonly ForecastPanel[] {
  return tests.flatMap((test, piece) =>
    record.coordinates.map((_, index) =>
      panelOf(record, test, index, level, score?.pieces[piece]?.rmse[index] ?? Number.NaN),
    ),
  );
}

function panelOf(
  record: ModelRecord,
  { piece, forecast }: TestForecast,
  index: number,
  level: number,
  rmse: number,
): ForecastPanel {
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
    level,
    rmse: fromSi(axis.unit, rmse),
  };
}
