/** What each coordinate did while it was recorded, in the user's names and units. */
import type { MotionSegment } from "../data/prepare.ts";
import { fromSi } from "../data/unit.ts";
import type { ModelRecord } from "../model/model-record.ts";
import { type MotionFacts, motionFacts } from "./motion-facts.ts";
import type { Quantity } from "./quantity.ts";

/** The measured motion of one coordinate in training, in its unit. */
export interface Movement {
  readonly coordinate: Quantity;
  readonly motion: MotionFacts;
  /** Smallest and largest value. */
  readonly from: number;
  readonly to: number;
}

/** @param segments what was trained on */
export function movementsOf(
  { coordinates, time, facts }: ModelRecord,
  segments: readonly MotionSegment[],
): readonly Movement[] {
  const width = coordinates.length;
  return coordinates.map(({ name, unit }, index) => {
    const [from, to] = facts.coordinates[index]?.range ?? [Number.NaN, Number.NaN];
    const paths = segments.map(({ times, positions }) => ({
      times: times.map((at) => fromSi(time.unit, at)),
      values: times.map((_, row) => fromSi(unit, positions[row * width + index] as number)),
    }));
    return {
      coordinate: { name, unit: unit.symbol },
      motion: motionFacts(paths),
      from: fromSi(unit, from),
      to: fromSi(unit, to),
    };
  });
}
