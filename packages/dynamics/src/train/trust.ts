/**
 * How far a forecast holds, in numbers for one sentence.
 *
 * The tolerance is the smallest round number (1, 2, 5 times a power of ten) that no test error exceeds, as long as that
 * is at most a tenth of the size of the motion; else it is the largest round number below a tenth, and the time until
 * the first forecast leaves it is what counts.
 */
import type { ForecastPanel } from "./forecast-panels.ts";
import type { TrustFacts } from "./sentences.ts";

/**
 * @param panels the test forecasts of one coordinate
 * @param size half the range of the measured motion, in the user's unit
 * @returns null where nothing was measured after the starts, so that no forecast can be held against it
 */
export function trustOf(panels: readonly ForecastPanel[], size: number): Omit<TrustFacts, "rmse"> | null {
  const errors = panels.map(errorsOf);
  const all = errors.flat();
  if (all.length === 0) return null;
  const { coordinate, time } = panels[0] as ForecastPanel;
  const largest = all.reduce((most, { error }) => Math.max(most, error), 0);
  const useful = 0.1 * size;
  const tolerance = roundUp(largest) <= useful || useful === 0 ? roundUp(largest) : roundDown(useful);
  const longest = all.reduce((most, { ahead }) => Math.max(most, ahead), 0);
  const firsts = errors.map((list) => list.find(({ error }) => error > tolerance)?.ahead ?? Number.POSITIVE_INFINITY);
  return {
    coordinate,
    time,
    tolerance,
    within: Math.min(longest, ...firsts),
    longest,
  };
}

function errorsOf({ times, truth, forecast, observedUntil }: ForecastPanel) {
  return Array.from(times, (at, row) => ({
    ahead: at - observedUntil,
    error: Math.abs((truth[row] as number) - (forecast[row] as number)),
  })).filter(({ ahead, error }) => ahead > 0 && Number.isFinite(error));
}

const steps = [1, 2, 5, 10];

function roundUp(value: number): number {
  if (value === 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = steps.find((step) => step * power >= value * (1 - 1e-12)) ?? 10;
  return Number((factor * power).toPrecision(1));
}

function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = steps.findLast((step) => step * power <= value * (1 + 1e-12)) ?? 1;
  return Number((factor * power).toPrecision(1));
}
