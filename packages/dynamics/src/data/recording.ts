/**
 * Rows to recordings: which rows belong together, in which order, under which name.
 *
 * In: the tables as they were read. Out: recordings in order of first appearance. Rows of one table belong together when
 * they agree in the trajectory and the split column, wherever they stand; without both columns a table is one recording
 * named after its file. A clock that starts again starts another recording. A name that two files use gets the file put
 * before it.
 */

import { entriesOf } from "./entries-of.ts";
import type { ReadSource } from "./merge-plans.ts";
import { orderRows, type RowTrouble } from "./order-rows.ts";
import type { Role } from "./reading.ts";

/** A row that was left out. */
export interface LeftOut {
  readonly row: number;
  /** The row before it in the recording. */
  readonly before: number;
  readonly kind: RowTrouble;
}

/** One recording: rows of one table whose times rise. */
export interface Recording {
  readonly name: string;
  readonly split: string | null;
  readonly table: ReadSource;
  /** [n] rows of the table, rising, and so are their times. */
  readonly rows: Int32Array;
  /** Rows that were left out. */
  readonly troubles: readonly LeftOut[];
  /** Whether it begins where the clock of the recording before starts again. */
  readonly isRestart: boolean;
}

/** All recordings of all tables. */
export function recordingsOf(tables: readonly ReadSource[]): readonly Recording[] {
  const recordings = tables.flatMap((table) => groupRows(table).flatMap((group) => inOrder(table, group)));
  const used = new Map<string, number>();
  for (const { name } of recordings) used.set(name, (used.get(name) ?? 0) + 1);
  return Object.freeze(
    recordings.map((recording) => {
      if ((used.get(recording.name) ?? 0) === 1 || tables.length === 1) return Object.freeze(recording);
      const { file } = recording.table.source;
      const hasColumn = recording.table.plan.some(({ role }) => role === "trajectory");
      return Object.freeze({
        ...recording,
        name: hasColumn || recording.isRestart ? `${file}/${recording.name}` : file,
      });
    }),
  );
}

interface Group {
  readonly name: string;
  readonly split: string | null;
  readonly rows: Int32Array;
}

function groupRows({ cells, plan, source }: ReadSource): readonly Group[] {
  const words = (role: Role) => cells.words[plan.findIndex((column) => column.role === role)] ?? null;
  const [names, splits] = [words("trajectory"), words("split")];
  const whole = stem(source.file);
  if (names === null && splits === null) return [{ name: whole, split: null, rows: rising(cells.rows) }];
  const groups = new Map<string, { name: string; split: string | null; count: number; index: number }>();
  const splitsOfName = new Map<string, Set<string | null>>();
  const groupOfRow = new Int32Array(cells.rows);
  let current: { name: string; split: string | null; count: number; index: number } | null = null;
  for (let row = 0; row < cells.rows; row++) {
    const name = names?.[row] ?? whole;
    const split = splits?.[row] ?? null;
    // Rows of one recording mostly follow each other: the map is asked only when it changes.
    if (current === null || current.name !== name || current.split !== split) {
      const key: string = JSON.stringify([name, split]);
      current = groups.get(key) ?? { name, split, count: 0, index: groups.size };
      groups.set(key, current);
      splitsOfName.set(name, (splitsOfName.get(name) ?? new Set()).add(split));
    }
    groupOfRow[row] = current.index;
    current.count += 1;
  }
  const rowsOfGroup = dealt(
    groupOfRow,
    Array.from(groups.values(), ({ count }) => count),
  );
  // A recording that the split column cuts in two needs two names.
  return Array.from(groups.values(), ({ name, split, index }) => {
    const isCut = (splitsOfName.get(name)?.size ?? 0) > 1;
    const own = isCut ? (names === null ? `${split}` : `${name}-${split}`) : name;
    return { name: own, split, rows: rowsOfGroup[index] as Int32Array };
  });
}

function rising(count: number): Int32Array {
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}

/** The rows of each group, given the group of each row and how many rows each group has. */
function dealt(groupOfRow: Int32Array, counts: readonly number[]): readonly Int32Array[] {
  const rows = counts.map((count) => new Int32Array(count));
  const filled = new Int32Array(counts.length);
  for (let row = 0; row < groupOfRow.length; row++) {
    const group = groupOfRow[row] as number;
    const at = filled[group] as number;
    (rows[group] as Int32Array)[at] = row;
    filled[group] = at + 1;
  }
  return rows;
}

function stem(file: string): string {
  return file.replace(/^.*[/\\]/, "").replace(/\.[A-Za-z0-9]{1,8}$/, "") || file;
}

function inOrder(table: ReadSource, { name, split, rows }: Group): readonly Recording[] {
  const { cells, plan } = table;
  const clock = cells.numbers[plan.findIndex(({ role }) => role === "time")] as Float64Array;
  const times = entriesOf(clock, rows);
  const { pieces, troubles } = orderRows(times, (a, b) => isSameRow(table, rows[a] as number, rows[b] as number));
  return pieces.map((piece, index) => {
    const [from, until] = [index === 0 ? 0 : (piece[0] as number), pieces[index + 1]?.[0] ?? Number.POSITIVE_INFINITY];
    return {
      name: pieces.length === 1 ? name : `${name}-${index + 1}`,
      split,
      table,
      rows: rowsAt(rows, piece),
      troubles: troubles
        .filter(({ at }) => at >= from && at < until)
        .map(({ at, kind }) => ({ row: rows[at] as number, before: rows[at - 1] as number, kind })),
      isRestart: index > 0,
    };
  });
}

function rowsAt(rows: Int32Array, piece: Int32Array): Int32Array {
  if (piece.length === rows.length) return rows;
  const found = new Int32Array(piece.length);
  for (let at = 0; at < piece.length; at++) found[at] = rows[piece[at] as number] as number;
  return found;
}

function isSameRow({ cells }: ReadSource, a: number, b: number): boolean {
  return (
    cells.numbers.every((column) => column === null || Object.is(column[a], column[b])) &&
    cells.words.every((column) => column === null || column[a] === column[b])
  );
}
