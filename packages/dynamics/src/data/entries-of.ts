/**
 * The entries of an array in some of its rows: a view where the rows follow each other, so that a long table is not copied
 * for every question asked of it; a copy where they do not.
 * @param column [n]
 * @param rows [m] rising
 * @returns [m] not to be written to
 */
export function entriesOf(column: Float64Array, rows: Int32Array): Float64Array {
  const [first = 0, last = -1] = [rows[0], rows.at(-1)];
  if (last - first + 1 === rows.length) return column.subarray(first, last + 1);
  const entries = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) entries[at] = column[rows[at] as number] as number;
  return entries;
}
