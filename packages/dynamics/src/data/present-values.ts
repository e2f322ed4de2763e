/** The values of a column that are there. */

import { entriesOf } from "./entries-of.ts";

/** The values that are there, one after another. */
export interface PresentValues {
  /** [m] index of each into the series. */
  readonly rows: Int32Array;
  /** [m] */
  readonly values: Float64Array;
}

/**
 * Leaves missing values out.
 * @param values [n] NaN where missing
 * @returns [m] not to be written to: where no value is missing these are the values themselves
 */
export function presentValues(values: Float64Array): PresentValues {
  const rows = new Int32Array(values.length);
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row])) continue;
    rows[count] = row;
    count += 1;
  }
  const present = rows.subarray(0, count);
  return { rows: present, values: entriesOf(values, present) };
}
