/** How long forecasts hold in the user's names and units, as `run.json` and `--json` hold it, and in one cell of a table. */
import { type ForecastHorizon, formatted, fromSi, type ModelRecord } from "@leastaction/dynamics";

/** As `ForecastHorizon`, with times in the unit of the time column. */
export interface ShownHorizon extends Omit<ForecastHorizon, "limits"> {
  /** By coordinate, in its unit. */
  readonly limits: Readonly<Record<string, number>>;
}

export function horizonInUnits(
  { limits, median, low, high, longest, ...counts }: ForecastHorizon,
  { coordinates, time }: Pick<ModelRecord, "coordinates" | "time">,
): ShownHorizon {
  const shown = (value: number | null): number | null => (value === null ? null : fromSi(time.unit, value));
  const bounds = coordinates.map(({ name, unit }, i) => [name, fromSi(unit, limits[i] as number)] as const);
  return {
    limits: Object.fromEntries(bounds),
    median: shown(median),
    low: shown(low),
    high: shown(high),
    longest: fromSi(time.unit, longest),
    ...counts,
  };
}

/** `1.6 [1.1, 2]`; `> 2` where more than half held as long as they could be followed. */
export function horizonCell(horizon: ShownHorizon | null): string {
  if (horizon === null) return "–";
  const { median, low, high, longest, independent } = horizon;
  if (median === null) return `> ${formatted(longest)}`;
  if (independent < 2) return formatted(median);
  return `${formatted(median)} [${formatted(low ?? median)}, ${high === null ? `> ${formatted(longest)}` : formatted(high)}]`;
}
