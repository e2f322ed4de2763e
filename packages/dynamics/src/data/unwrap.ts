/**
 * Angles without jumps: whole turns are added so that no step is longer than half a turn.
 * Missing values stay missing and are stepped over.
 */

/**
 * Unwraps a series of angles.
 * @param angles [n] rad; NaN where missing
 * @returns [n] rad; differs from the input by whole turns, and not at all up to the first jump
 */
export function unwrap(angles: Float64Array): Float64Array {
  const result = angles.slice();
  let turns = 0;
  let before = Number.NaN;
  for (let index = 0; index < angles.length; index++) {
    const angle = angles[index] as number;
    if (Number.isNaN(angle)) continue;
    if (!Number.isNaN(before)) turns -= Math.round((angle - before) / (2 * Math.PI));
    result[index] = turns === 0 ? angle : angle + 2 * Math.PI * turns;
    before = angle;
  }
  return result;
}
