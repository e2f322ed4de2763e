/**
 * Forecasts that a model is judged by: of pieces that were measured to their end.
 *
 * In: a trained model and pieces. Out: the forecast of each from a state estimated on its first seconds, of which there
 * are never so many that little is left to forecast. Scores, sentences and figures are all of these.
 */
import type { Segment } from "../data/segment.ts";
import { forecastRecording, type TrajectoryForecast } from "../model/forecast.ts";
import type { ModelRecord } from "../model/model-record.ts";
import type { Simulator } from "../model/simulator.ts";

/** A piece and its forecast over the same times. */
export interface TestForecast {
  readonly piece: Segment;
  readonly forecast: TrajectoryForecast;
}

/** Fraction that the bands of these forecasts are meant to cover. */
export const scoredLevel = 0.9;

/** At most this share of a piece is looked at: the rest is forecast. */
export const mostObserved = 0.4;

/** s from the first to the last time of a piece. */
export function durationOf({ times }: Segment): number {
  return (times.at(-1) ?? 0) - (times[0] ?? 0);
}

/** Forecasts of pieces; the state is estimated on the first `observe` seconds of each, at most 40 % of it. */
export function forecastPieces(
  record: ModelRecord,
  simulator: Simulator,
  pieces: readonly Segment[],
  observe: number,
): readonly TestForecast[] {
  return pieces.map((piece) => {
    const seen = Math.min(observe, mostObserved * durationOf(piece));
    return { piece, forecast: forecastRecording(record, simulator, piece, { observe: seen, level: scoredLevel }) };
  });
}
