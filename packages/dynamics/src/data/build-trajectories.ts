/**
 * Recordings to trajectories: checked and converted to SI.
 *
 * In: recordings, and which columns feed which axes. Out: frozen trajectories. Times rise strictly; where rows had to be
 * left out for that and did not merely repeat the row before, an error names the first of them, unless the data are only
 * looked at.
 */

import type { PlannedColumn } from "./column-plan.ts";
import { DataError } from "./data-error.ts";
import type { Axis, ObservedColumn, Trajectory } from "./dataset.ts";
import { entriesOf } from "./entries-of.ts";
import type { Role } from "./reading.ts";
import type { Recording } from "./recording.ts";
import { toSi } from "./unit.ts";
import { isFalseWord } from "./valid-word.ts";

/** Which table columns feed which axes: indices into the merged plan. */
export interface TrajectoryAxes {
  readonly observed: readonly ObservedColumn[];
  /** [observed] column of each, by index into the plan. */
  readonly observedFrom: readonly number[];
  /** [observed] column of its standard deviation; -1 for none. */
  readonly sigmaFrom: readonly number[];
  readonly controlFrom: readonly number[];
  readonly contextFrom: readonly number[];
  readonly time: Axis;
}

/** The trajectory of a recording. */
export function buildTrajectory(recording: Recording, axes: TrajectoryAxes): Trajectory {
  const { cells, plan, own } = recording.table;
  const index = (role: Role): number => plan.findIndex((column) => column.role === role);
  const from = (columns: readonly number[]): readonly number[] => columns.map((at) => own[at] ?? -1);
  const times = gather(recording, [index("time")]);
  const values = gather(recording, from(axes.observedFrom));
  const mask = measuredOf(values);
  applyValid(recording.rows, cells.words[index("valid")] ?? null, values, mask);
  const hasSigmas = axes.sigmaFrom.some((at) => at !== -1);
  return Object.freeze({
    name: recording.name,
    split: recording.split,
    times,
    values,
    mask,
    controls: gather(recording, from(axes.controlFrom)),
    contexts: gather(recording, from(axes.contextFrom)),
    sigmas: hasSigmas ? gather(recording, from(axes.sigmaFrom)) : null,
    triggerTime: triggerTime(recording.rows, times, cells.numbers[index("trigger")] ?? null),
  });
}

/** So many rows of all columns are written before the next ones: they stay in the fast memory meanwhile. */
const together = 1024;

/** [rows, columns] in SI; NaN for a column that does not exist. */
function gather({ rows, table }: Recording, columns: readonly number[]): Float64Array {
  const width = columns.length;
  const result = new Float64Array(rows.length * width);
  const entries = columns.map((index) => {
    const numbers = table.cells.numbers[index];
    return numbers == null ? null : { unit: (table.plan[index] as PlannedColumn).unit, own: entriesOf(numbers, rows) };
  });
  for (let from = 0; from < rows.length; from += together) {
    const to = Math.min(rows.length, from + together);
    for (const [at, column] of entries.entries()) {
      for (let row = from; row < to; row++) {
        const value = column === null ? Number.NaN : toSi(column.unit, column.own[row] as number);
        // The sum makes one zero of two: text does not keep the sign of a zero in every unit.
        result[row * width + at] = value + 0;
      }
    }
  }
  return result;
}

/** [n] 1 where there is a number, 0 where there is none. */
function measuredOf(values: Float64Array): Uint8Array {
  const mask = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) mask[at] = Number.isNaN(values[at]) ? 0 : 1;
  return mask;
}

function applyValid(rows: Int32Array, words: readonly string[] | null, values: Float64Array, mask: Uint8Array): void {
  if (words === null) return;
  const width = values.length / rows.length;
  for (let row = 0; row < rows.length; row++) {
    if (!isFalseWord(words[rows[row] as number] as string)) continue;
    values.fill(Number.NaN, row * width, (row + 1) * width);
    mask.fill(0, row * width, (row + 1) * width);
  }
}

function triggerTime(rows: Int32Array, times: Float64Array, trigger: Float64Array | null): number | null {
  if (trigger === null) return null;
  const at = rows.findIndex((row) => Math.abs(trigger[row] as number) > 0);
  return at === -1 ? null : (times[at] as number);
}

/** Refuses times that do not rise; rows that only repeat the row before were left out. */
export function refuseBackwardTimes({ table, troubles }: Recording): void {
  const trouble = troubles.find(({ kind }) => kind !== "repeated-row");
  if (trouble === undefined) return;
  const index = table.plan.findIndex(({ role }) => role === "time");
  const clock = table.cells.numbers[index] as Float64Array;
  throw new DataError({
    code: "time-not-increasing",
    file: table.source.file,
    line: table.cells.lines[trouble.row] ?? null,
    column: (table.plan[index] as PlannedColumn).name,
    expected: `a time after ${clock[trouble.before]}`,
    found: `${clock[trouble.row]}`,
    remedy:
      "Correct or remove the row (`leastaction inspect` lists all such lines); if the table holds several recordings, name the column that tells them apart: --column NAME=trajectory.",
  });
}
