/** The cells of a table while it is read: typed arrays that grow, row by row. */

import type { Role } from "./reading.ts";
import { holdsWords, type TableCells, type WantedColumn } from "./table-source.ts";

/** What a row of a table is handed to. */
export interface RowSink {
  /**
   * Takes a row; both arrays are used again for the next one.
   * @param line where it stands, from 1
   * @param numbers [columns] NaN where missing, anything for columns of words and ignored ones
   * @param words [columns] anything but for columns of words
   */
  push(line: number, numbers: Float64Array, words: readonly string[]): void;
  /** All rows. */
  finish(): TableCells;
}

/** Whether the cells of a role are numbers. */
export function holdsNumbers(role: Role): boolean {
  return role !== "ignore" && !holdsWords(role);
}

/** Keeps every row. */
export class GrowingCells implements RowSink {
  #lines: Float64Array = new Float64Array(1024);
  readonly #numbers: (Float64Array | null)[];
  readonly #words: (string[] | null)[];
  #rows: number = 0;

  constructor(columns: readonly WantedColumn[]) {
    this.#numbers = columns.map(({ role }) => (holdsNumbers(role) ? new Float64Array(1024) : null));
    this.#words = columns.map(({ role }) => (holdsWords(role) ? [] : null));
  }

  push(line: number, numbers: Float64Array, words: readonly string[]): void {
    if (this.#rows === this.#lines.length) this.#grow();
    this.#lines[this.#rows] = line;
    for (let index = 0; index < this.#numbers.length; index++) {
      const column = this.#numbers[index];
      if (column != null) column[this.#rows] = numbers[index] as number;
      else this.#words[index]?.push(words[index] as string);
    }
    this.#rows += 1;
  }

  finish(): TableCells {
    return {
      rows: this.#rows,
      lines: this.#lines.subarray(0, this.#rows),
      numbers: this.#numbers.map((column) => column?.subarray(0, this.#rows) ?? null),
      words: this.#words,
    };
  }

  #grow(): void {
    this.#lines = grown(this.#lines);
    for (let index = 0; index < this.#numbers.length; index++) {
      const column = this.#numbers[index];
      if (column != null) this.#numbers[index] = grown(column);
    }
  }
}

function grown(numbers: Float64Array): Float64Array {
  const larger = new Float64Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}
