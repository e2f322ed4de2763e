/**
 * Rows to fewer rows while a table is read: each run of N rows becomes one, the mean of what was measured in it.
 *
 * A mean is the plainest low-pass filter, so that nothing above the new rate comes back as a slow motion that was never
 * there; it takes off sin(pi f T) / (pi f T) at frequency f for blocks of duration T. Angles that are one state after a
 * turn are averaged on the same turn. Standard deviations are those of the mean of independent errors. A trigger keeps
 * its largest value. A block ends early where the trajectory, the split or the validity changes, and at a gap.
 */

import { DataError } from "./data-error.ts";
import { holdsNumbers, type RowSink } from "./growing-cells.ts";
import type { TableCells, WantedColumn } from "./table-source.ts";
import { fromSi } from "./unit.ts";

/** A gap is a step longer than this many of the last one. */
const gapSteps = 2.5;

/** Averages runs of rows. */
export class BlockMean implements RowSink {
  readonly #columns: readonly WantedColumn[];
  readonly #every: number;
  readonly #next: RowSink;
  readonly #file: string;
  readonly #time: number;
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;
  readonly #firsts: Float64Array;
  readonly #mean: Float64Array;
  #words: readonly string[] = [];
  #line: number = 0;
  #rows: number = 0;
  #lastTime: number = Number.NaN;
  #lastStep: number = Number.POSITIVE_INFINITY;

  /** @param every rows of a block, 2 or more */
  constructor(columns: readonly WantedColumn[], every: number, next: RowSink, file: string) {
    this.#columns = columns;
    this.#every = every;
    this.#next = next;
    this.#file = file;
    this.#time = columns.findIndex(({ role }) => role === "time");
    this.#sums = new Float64Array(columns.length);
    this.#counts = new Float64Array(columns.length);
    this.#firsts = new Float64Array(columns.length);
    this.#mean = new Float64Array(columns.length);
  }

  push(line: number, numbers: Float64Array, words: readonly string[]): void {
    const time = numbers[this.#time] ?? Number.NaN;
    const isSame = this.#words.length > 0 && words.every((word, index) => word === this.#words[index]);
    const step = time - this.#lastTime;
    if (isSame && step <= 0) throw this.#backward(line, time);
    if (!isSame || step > gapSteps * this.#lastStep || this.#rows === this.#every) this.#flush();
    if (this.#rows === 0) this.#line = line;
    if (!isSame) this.#words = [...words];
    this.#lastStep = isSame ? step : Number.POSITIVE_INFINITY;
    this.#lastTime = time;
    this.#rows += 1;
    for (let index = 0; index < this.#columns.length; index++) this.#add(index, numbers[index] as number);
  }

  finish(): TableCells {
    this.#flush();
    return this.#next.finish();
  }

  #add(index: number, value: number): void {
    const { role, unit } = this.#columns[index] as WantedColumn;
    if (!holdsNumbers(role) || Number.isNaN(value)) return;
    if (this.#counts[index] === 0) this.#firsts[index] = value;
    this.#counts[index] = (this.#counts[index] as number) + 1;
    const first = this.#firsts[index] as number;
    const sum = this.#sums[index] as number;
    if (role === "sigma") this.#sums[index] = sum + value * value;
    else if (role === "trigger") this.#sums[index] = Math.abs(value) > Math.abs(sum) ? value : sum;
    else {
      const turn = role === "angle" ? fromSi(unit, 2 * Math.PI) : Number.POSITIVE_INFINITY;
      // Deviations from the first value keep the digits that a sum of large times would lose.
      this.#sums[index] = sum + (value - first - (role === "angle" ? turn * Math.round((value - first) / turn) : 0));
    }
  }

  #flush(): void {
    if (this.#rows === 0) return;
    for (let index = 0; index < this.#columns.length; index++) {
      const count = this.#counts[index] as number;
      const sum = this.#sums[index] as number;
      const { role } = this.#columns[index] as WantedColumn;
      const mean = (this.#firsts[index] as number) + sum / count;
      const value = role === "sigma" ? Math.sqrt(sum) / count : role === "trigger" ? sum : mean;
      this.#mean[index] = count === 0 ? Number.NaN : value;
    }
    this.#next.push(this.#line, this.#mean, this.#words);
    this.#rows = 0;
    this.#sums.fill(0);
    this.#counts.fill(0);
  }

  #backward(line: number, time: number): DataError {
    return new DataError({
      code: "time-not-increasing",
      file: this.#file,
      line,
      column: this.#columns[this.#time]?.name ?? null,
      expected: `a time after ${this.#lastTime}`,
      found: `${time}`,
      remedy: "Means of runs of rows need rows in the order of time: sort the table, or read it without --mean.",
    });
  }
}
