/** Any source with fewer rows: runs of rows become one, their mean (`block-mean.ts`). */

import { BlockMean } from "./block-mean.ts";
import { GrowingCells } from "./growing-cells.ts";
import type { TableCells, TableSource, WantedColumn } from "./table-source.ts";

/**
 * A source whose rows are means.
 * @param source any; a text does this itself while it is read, with `mean` in its options
 * @param mean rows that become one, 1 or more
 */
export function meanSource(source: TableSource, mean: number): TableSource {
  if (mean === 1) return source;
  return Object.freeze({
    ...source,
    notes: [...source.notes, meanNote(mean)],
    cells: (columns, missing) => meanCells(source.cells(columns, missing), columns, mean, source.file),
  } satisfies TableSource);
}

/** What the reading says of means. */
export function meanNote(mean: number): string {
  return `each row is the mean of ${mean}`;
}

function meanCells(cells: TableCells, columns: readonly WantedColumn[], mean: number, file: string): TableCells {
  const sink = new BlockMean(columns, mean, new GrowingCells(columns), file);
  const numbers = new Float64Array(columns.length);
  for (let row = 0; row < cells.rows; row++) {
    for (let index = 0; index < columns.length; index++) numbers[index] = cells.numbers[index]?.[row] ?? Number.NaN;
    const words = columns.map((_, index) => cells.words[index]?.[row] ?? "");
    sink.push(cells.lines[row] as number, numbers, words);
  }
  return sink.finish();
}
