/** How long forecasts hold, as one sentence: the limit, the median with its interval, what it was measured on. */
import { fromSi, type Unit } from "../data/unit.ts";
import type { ModelRecord } from "../model/model-record.ts";
import type { ForecastHorizon } from "./forecast-horizon.ts";
import { counted, formatted, listed } from "./plain-words.ts";

/** The sentence, in the user's names and units. */
export function horizonInWords(
  horizon: ForecastHorizon,
  { coordinates, time }: Pick<ModelRecord, "coordinates" | "time">,
): string {
  const { limits, longest, starts, failures, recordings } = horizon;
  const seconds = (value: number): string => `${formatted(fromSi(time.unit, value))} ${time.unit.symbol}`.trimEnd();
  const errors = coordinates.map(({ name, unit }, i) =>
    `${name} ${formatted(fromSi(unit, limits[i] as number))} ${unit.symbol}`.trimEnd(),
  );
  const limit = `an error exceeds 20 % of the standard deviation in training (${listed(errors)})`;
  const from = `${counted(starts, "start")} in ${counted(recordings, "recording")}`;
  if (failures === 0) {
    return `Forecasts hold for all of the ${seconds(longest)} that could be followed (${from}); they would fail where ${limit}.`;
  }
  const held = median(horizon, time.unit);
  return `${held}, until ${limit}: ${from}, no two on the same data${worth(horizon)}${rest(horizon)}.`;
}

function median({ median, low, high, confidence, independent, longest }: ForecastHorizon, unit: Unit): string {
  const number = (value: number): string => formatted(fromSi(unit, value));
  const seconds = (value: number): string => `${number(value)} ${unit.symbol}`.trimEnd();
  if (median === null)
    return `More than half of the forecasts hold for all of the ${seconds(longest)} that could be followed`;
  const ends =
    high === null || low === null
      ? `from ${seconds(low ?? median)} to more than could be followed`
      : `${number(low)} to ${seconds(high)}`;
  const interval =
    independent < 2
      ? "one start, so no interval"
      : `${formatted(Math.floor(1000 * confidence) / 10)} % interval ${ends}`;
  return `Forecasts hold for a median of ${seconds(median)} (${interval})`;
}

function worth({ starts, independent }: ForecastHorizon): string {
  return independent < starts ? `, worth ${independent} independent ones` : "";
}

function rest({ starts, failures }: ForecastHorizon): string {
  if (failures === starts) return "";
  return `; ${counted(starts - failures, "forecast")} held to the end of ${starts - failures === 1 ? "its recording" : "their recordings"}`;
}
