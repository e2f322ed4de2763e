/** The scale of the errors that models are ranked by, in words and numbers of the user. */
import { fromSi } from "../data/unit.ts";
import type { ModelRecord } from "../model/model-record.ts";

/** What a relative error is multiplied with, and the unit that it is then in; "" without one. */
export interface RankingScale {
  readonly factor: number;
  readonly unit: string;
}

/** With one coordinate errors are in its unit; with several they are in % of the size of each motion. */
export function rankingScale({ coordinates, facts }: Pick<ModelRecord, "coordinates" | "facts">): RankingScale {
  const [axis, ...others] = coordinates;
  if (axis === undefined || others.length > 0) return { factor: 100, unit: "% of the motion" };
  return { factor: fromSi(axis.unit, facts.coordinates[0]?.scale ?? 1), unit: axis.unit.symbol };
}
