/**
 * The quantum of a sensor: the step that all its readings are whole multiples of.
 *
 * In: measured values. Out: the quantum in their unit, or null. An encoder of 4096 lines reads nothing between
 * 0.088 degrees, and a table with two decimals nothing between 0.01; a value rounded to the nearest multiple is off by a
 * number from -q / 2 to q / 2, whose standard deviation is q / sqrt(12): noise that is known before anything is fitted.
 * Values count as multiples when they lie within a tenth of a step of them; numbers printed with a few decimals do.
 */

/** Fewer readings, or fewer different ones, do not show a quantum. */
const leastReadings = 20;
const leastLevels = 6;
/** Root mean square distance from the nearest multiple, in quanta: that of any numbers is 0.29. */
const tolerance = 0.05;
/** Steps below this share of the range are rounding. */
const rounding = 1e-9;
/** The quantum is far below every noise when the range holds more of them than this. */
const mostLevels = 1e6;

/**
 * Finds the quantum.
 * @param values any number; NaN where missing
 */
export function quantumOf(values: Float64Array): number | null {
  const readings = values.filter((value) => Number.isFinite(value)).sort();
  const range = (readings.at(-1) ?? 0) - (readings[0] ?? 0);
  if (readings.length < leastReadings || range === 0) return null;
  const levels = readings.filter((value, at) => at === 0 || value - (readings[at - 1] as number) > rounding * range);
  if (levels.length < leastLevels) return null;
  let smallest = range;
  for (let at = 1; at < levels.length; at++) {
    smallest = Math.min(smallest, (levels[at] as number) - (levels[at - 1] as number));
  }
  if (range / smallest > mostLevels) return null;
  // Few readings of many levels may miss every pair of neighbours: their smallest step is then a small multiple.
  for (const multiple of [1, 2, 3, 4]) {
    const quantum = refined(levels, smallest / multiple);
    if (quantum !== null) return quantum;
  }
  return null;
}

/** The quantum that fits all levels best, from the smallest step up; null where they do not lie on its multiples. */
function refined(levels: Float64Array, first: number): number | null {
  const origin = levels[0] as number;
  let quantum = first;
  let [product, square, errors] = [0, 0, 0];
  // The smallest step is rounded; levels further and further away tell the quantum more and more exactly.
  for (const level of levels) {
    const count = Math.round((level - origin) / quantum);
    const error = (level - origin) / quantum - count;
    errors += error * error;
    product += count * (level - origin);
    square += count * count;
    if (square > 0) quantum = product / square;
  }
  return Math.sqrt(errors / levels.length) < tolerance ? quantum : null;
}
