/**
 * How much of its swing a motion loses in each period, from prepared segments.
 */
import type { MotionSegment } from "../data/prepare.ts";
import type { DatasetFacts } from "../model/model.ts";
import { median } from "./ranking.ts";

/** Share of the amplitude lost in a period: from the decay of the largest deviations over each training segment. */
export function lossPerPeriod(
  segments: readonly MotionSegment[],
  period: number | null,
  facts: DatasetFacts,
): number | null {
  const [first] = facts.coordinates;
  if (period === null || first === undefined) return null;
  const d = facts.coordinates.length;
  const losses = segments.flatMap(({ times, positions }) => {
    const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
    if (span < 4 * period) return [];
    const swing = (from: number): number => {
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      times.forEach((time, row) => {
        if (time < from || time > from + period * 1.1) return;
        low = Math.min(low, positions[row * d] as number);
        high = Math.max(high, positions[row * d] as number);
      });
      return high - low;
    };
    const end = (times.at(-1) as number) - 1.1 * period;
    const ratio = swing(end) / swing(times[0] as number);
    return Number.isFinite(ratio) && ratio > 0 ? [1 - ratio ** (period / (end - (times[0] as number)))] : [];
  });
  return losses.length === 0 ? null : median(losses);
}
