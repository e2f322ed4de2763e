/**
 * Rows to trajectories: grouped, checked, converted to SI.
 *
 * In: the cells and the plan. Out: frozen trajectories in order of first appearance. Rows belong together when they
 * agree in the trajectory and the split column, wherever they stand; without both columns all rows are one trajectory
 * named after the file. Inside a trajectory times must rise strictly: an error names the first line where they do not.
 */

import type { PlannedColumn } from "./column-plan.ts";
import { DataError } from "./data-error.ts";
import type { Axis, ObservedColumn, Trajectory } from "./dataset.ts";
import type { Role } from "./reading.ts";
import type { TableCells } from "./table-source.ts";
import { toSi } from "./unit.ts";

/** Which table columns feed which axes: indices into the plan. */
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

/** The trajectories of a table. */
export function buildTrajectories(
  cells: TableCells,
  plan: readonly PlannedColumn[],
  axes: TrajectoryAxes,
  file: string,
): readonly Trajectory[] {
  const groups = groupRows(cells, plan, file);
  return Object.freeze(groups.map((group) => buildOne(group, cells, plan, axes, file)));
}

interface Group {
  readonly name: string;
  readonly split: string | null;
  readonly rows: readonly number[];
}

function columnOf(plan: readonly PlannedColumn[], role: Role): number {
  return plan.findIndex((column) => column.role === role);
}

function groupRows(cells: TableCells, plan: readonly PlannedColumn[], file: string): readonly Group[] {
  const names = cells.words[columnOf(plan, "trajectory")] ?? null;
  const splits = cells.words[columnOf(plan, "split")] ?? null;
  const whole = stem(file);
  const groups = new Map<string, { name: string; split: string | null; rows: number[] }>();
  const splitsOfName = new Map<string, Set<string | null>>();
  let current: { name: string; split: string | null; rows: number[] } | null = null;
  for (let row = 0; row < cells.rows; row++) {
    const name = names?.[row] ?? whole;
    const split = splits?.[row] ?? null;
    // Rows of one trajectory mostly follow each other: the map is asked only when it changes.
    if (current === null || current.name !== name || current.split !== split) {
      const key: string = JSON.stringify([name, split]);
      current = groups.get(key) ?? { name, split, rows: [] };
      groups.set(key, current);
      splitsOfName.set(name, (splitsOfName.get(name) ?? new Set()).add(split));
    }
    current.rows.push(row);
  }
  // A trajectory that the split column cuts in two needs two names.
  return [...groups.values()].map((group) => {
    const isCut = (splitsOfName.get(group.name)?.size ?? 0) > 1;
    return isCut ? { ...group, name: names === null ? `${group.split}` : `${group.name}-${group.split}` } : group;
  });
}

function stem(file: string): string {
  return file.replace(/^.*[/\\]/, "").replace(/\.[A-Za-z0-9]{1,5}$/, "") || file;
}

function buildOne(
  group: Group,
  cells: TableCells,
  plan: readonly PlannedColumn[],
  axes: TrajectoryAxes,
  file: string,
): Trajectory {
  const { rows } = group;
  const timeColumn = columnOf(plan, "time");
  const times = gather(rows, cells, plan, [timeColumn]);
  refuseBackwardTimes(times, rows, cells, plan[timeColumn] as PlannedColumn, file);
  const values = gather(rows, cells, plan, axes.observedFrom);
  const mask = Uint8Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1));
  applyValid(rows, cells.words[columnOf(plan, "valid")] ?? null, values, mask);
  const hasSigmas = axes.sigmaFrom.some((index) => index !== -1);
  return Object.freeze({
    name: group.name,
    split: group.split,
    times,
    values,
    mask,
    controls: gather(rows, cells, plan, axes.controlFrom),
    contexts: gather(rows, cells, plan, axes.contextFrom),
    sigmas: hasSigmas ? gather(rows, cells, plan, axes.sigmaFrom) : null,
    triggerTime: triggerTime(rows, times, cells.numbers[columnOf(plan, "trigger")] ?? null),
  });
}

/** [rows, columns] in SI; NaN for a column that does not exist. */
function gather(
  rows: readonly number[],
  cells: TableCells,
  plan: readonly PlannedColumn[],
  columns: readonly number[],
): Float64Array {
  const result = new Float64Array(rows.length * columns.length).fill(Number.NaN);
  for (const [at, index] of columns.entries()) {
    const numbers = cells.numbers[index];
    if (numbers == null) continue;
    const { unit } = plan[index] as PlannedColumn;
    for (let row = 0; row < rows.length; row++) {
      // The sum makes one zero of two: text does not keep the sign of a zero in every unit.
      result[row * columns.length + at] = toSi(unit, numbers[rows[row] as number] as number) + 0;
    }
  }
  return result;
}

const falseWords = new Set(["", "0", "false", "no", "n", "f", "nan", "bad"]);

function applyValid(
  rows: readonly number[],
  words: readonly string[] | null,
  values: Float64Array,
  mask: Uint8Array,
): void {
  if (words === null) return;
  const width = values.length / rows.length;
  for (let row = 0; row < rows.length; row++) {
    const word = words[rows[row] as number] as string;
    if (!falseWords.has(word) && Number(word) !== 0) continue;
    values.fill(Number.NaN, row * width, (row + 1) * width);
    mask.fill(0, row * width, (row + 1) * width);
  }
}

function triggerTime(rows: readonly number[], times: Float64Array, trigger: Float64Array | null): number | null {
  if (trigger === null) return null;
  const at = rows.findIndex((row) => Math.abs(trigger[row] as number) > 0);
  return at === -1 ? null : (times[at] as number);
}

function refuseBackwardTimes(
  times: Float64Array,
  rows: readonly number[],
  cells: TableCells,
  column: PlannedColumn,
  file: string,
): void {
  for (let at = 1; at < times.length; at++) {
    if ((times[at] as number) > (times[at - 1] as number)) continue;
    const own = cells.numbers[column.position - 1] as Float64Array;
    const [now, before] = [own[rows[at] as number], own[rows[at - 1] as number]];
    throw new DataError({
      code: "time-not-increasing",
      file,
      line: cells.lines[rows[at] as number] ?? null,
      column: column.name,
      expected: `a time after ${before}`,
      found: `${now}`,
      remedy:
        "Sort the rows by time and remove repeated ones; if the table holds several recordings, name the column that tells them apart: --column NAME=trajectory.",
    });
  }
}
