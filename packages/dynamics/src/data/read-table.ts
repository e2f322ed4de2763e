/**
 * A table of measurements, read.
 *
 * In: the text of a CSV, TSV, semicolon or white-space table, with a header or none, with comments. Out: a frozen
 * `Dataset` in SI that remembers the user's names and units, and a `Reading` that says of every column how it was
 * taken. What holds: nothing is dropped without a note in the reading, and every text either gives a data set or a
 * `DataError` with file, line, column, expected, found and remedy.
 * Deliberately not done: files (the caller gives the text), several tables (`dataset-of.ts`), binary formats.
 */

import type { Dataset } from "./dataset.ts";
import { type DatasetOptions, datasetOf } from "./dataset-of.ts";
import type { Delimiter } from "./table-lines.ts";
import { type TextChunks, type TextSourceOptions, textSource } from "./text-source.ts";

/** How to read a table. Everything that is left out is guessed, and the guess is in `Dataset.reading`. */
export interface ReadTableOptions extends DatasetOptions, Pick<TextSourceOptions, "mean" | "maximumNumbers" | "size"> {
  /** The table's name for messages and for its only trajectory; default `table`. */
  readonly name?: string;
  readonly delimiter?: Delimiter;
  /** Whether the first line that is no comment is a header. */
  readonly header?: boolean;
}

/**
 * Reads a table.
 * @param text the whole table, or a function that gives it in pieces; a byte-order mark is passed over
 * @param options what is known about it
 * @returns the data set, its reading and its hash
 * @throws DataError when the text is no table of measurements
 * @example
 * const data = readTable("t,theta [deg]\n0,10\n0.1,9\n0.2,7", { minimumRows: 3 });
 * data.coordinates[0].kind; // "angle"
 */
export function readTable(text: string | TextChunks, options: ReadTableOptions = {}): Dataset {
  return datasetOf([textSource(text, options)], options);
}
