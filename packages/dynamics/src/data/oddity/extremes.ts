/** The smallest and the largest value of a column. */

import type { ColumnReading } from "../reading.ts";
import type { Series } from "./series.ts";

/** Smallest and largest value. */
export type Extremes = Pick<ColumnReading, "minimum" | "maximum">;

/** The extremes of a column's series; null where there is no value. */
export function extremesOf(series: readonly Pick<Series, "values">[]): Extremes {
  let [minimum, maximum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { values } of series) {
    for (let row = 0; row < values.length; row++) {
      const value = values[row] as number;
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
    }
  }
  return minimum > maximum ? { minimum: null, maximum: null } : { minimum, maximum };
}
