/**
 * Errors of forecasts stretch by stretch, so that two models can be told apart, or not, on few recordings.
 *
 * A forecast runs over a whole piece; its squared errors are averaged over stretches of a period. How much these differ
 * tells how well their mean is known.
 */
import type { Segment } from "../data/segment.ts";
import { forecastRecording, positionsOf } from "../model/forecast.ts";
import type { ModelRecord } from "../model/model-record.ts";
import type { Simulator } from "../model/simulator.ts";
import { durationOf, mostObserved } from "./test-forecast.ts";

/**
 * Mean squares of the errors in units of the coordinates' scales, over all coordinates, for each stretch of a period,
 * at most those of a forecast that is lost.
 */
export function stretchErrors(
  record: ModelRecord,
  simulator: Simulator,
  pieces: readonly Segment[],
): readonly number[] {
  const { facts } = record;
  const d = facts.coordinates.length;
  const period = (2 * Math.PI) / facts.frequency;
  return pieces.flatMap((piece) => {
    // As long a look as there is: what is wanted is the error of the law, not that of the state it starts from.
    const observe = mostObserved * durationOf(piece);
    const { times, positions } = forecastRecording({ ...record, band: null }, simulator, piece, { observe });
    const truth = positionsOf(piece, record);
    const sums: number[] = [];
    const counts: number[] = [];
    times.forEach((time, row) => {
      const stretch = Math.floor((time - (times[0] as number)) / period);
      for (let i = 0; i < d; i++) {
        const value = truth[row * d + i] as number;
        if (!Number.isFinite(value)) continue;
        const error = ((positions[row * d + i] as number) - value) / (facts.coordinates[i]?.scale ?? 1);
        sums[stretch] = (sums[stretch] ?? 0) + error * error;
        counts[stretch] = (counts[stretch] ?? 0) + 1;
      }
    });
    return sums.flatMap((sum, i) => {
      const mean = sum / (counts[i] as number);
      return [mean < lost ? mean : lost];
    });
  });
}

/** Whether errors are larger than the best ones by more than the standard error of those over the stretches. */
export function areWorse(errors: readonly number[], best: readonly number[]): boolean {
  const [total, mean] = [meanOf(errors), meanOf(best)];
  const variance = meanOf(best.map((value) => (value - mean) * (value - mean))) / Math.max(1, best.length - 1);
  return !(total <= Math.max(mean + Math.sqrt(variance), nearlyAsGood * nearlyAsGood * mean, finest * finest));
}

/** Root mean squares that differ by less are of one size, however sure that is. */
const nearlyAsGood = 1.05;
/** Root mean squares below this are of one size: the solver's own errors show there. */
const finest = 3e-4;

/** A mean square beyond this is that of a forecast that has lost the motion: how far away it is says nothing (`score.ts`). */
const lost = 0.2 * 0.2;

/** The mean of at least one number. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
