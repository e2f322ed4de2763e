/**
 * What was read, file by file and column by column, with everything odd in it.
 *
 * In: the data set so far, the tables it was made of and their recordings. Out: the `Reading`. Nothing is changed here:
 * oddities are found by `oddity/find-oddities.ts`, and only told.
 */

import { type Clock, clockOf } from "./clock.ts";
import type { PlannedColumn } from "./column-plan.ts";
import type { Dataset } from "./dataset.ts";
import type { MergedTables, ReadSource } from "./merge-plans.ts";
import { findOddities } from "./oddity/find-oddities.ts";
import { medianStep } from "./oddity-measure.ts";
import type { ColumnReading, FileReading, Reading } from "./reading.ts";
import type { Recording } from "./recording.ts";
import { fromSi, toSi } from "./unit.ts";

/** A data set that is not read to its end. */
export type Content = Omit<Dataset, "hash" | "reading">;

/** The reading of tables: how the first one was written, and the columns of all. */
export function readingOf(content: Content, merged: MergedTables, recordings: readonly Recording[]): Reading {
  const { plan, tables } = merged;
  const files = tables.map((table) => fileReading(table, recordings));
  const clocks = content.trajectories.map(({ times }) => clockOf(times));
  return Object.freeze({
    ...(files[0] as FileReading),
    file: content.name,
    notes: Object.freeze([...new Set(tables.flatMap(({ source }) => source.notes))]),
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    trajectories: content.trajectories.length,
    files: Object.freeze(files),
    columns: Object.freeze(plan.map((column, index) => readColumn(column, index, clocks, merged))),
    oddities: findOddities(content, merged, recordings, clocks),
  });
}

function fileReading(table: ReadSource, recordings: readonly Recording[]): FileReading {
  const { file, format, delimiter, decimalComma, headerLine, notes } = table.source;
  const { rows } = table.cells;
  const trajectories = recordings.filter((recording) => recording.table === table).map(({ name }) => name);
  return Object.freeze({ file, format, delimiter, decimalComma, headerLine, notes, rows, trajectories });
}

function readColumn(
  column: PlannedColumn,
  index: number,
  clocks: readonly Clock[],
  { plan, tables }: MergedTables,
): ColumnReading {
  const range = rangeOf(column, index, tables);
  const isTime = column.role === "time";
  const step = !isTime ? null : clocks.length === 1 ? (clocks[0] as Clock).step : medianStep(clocks);
  return Object.freeze({
    position: column.position,
    name: column.name,
    header: column.header,
    role: column.role,
    unit: column.unit.symbol,
    decided: column.decided,
    pairedWith: plan[column.partner]?.name ?? null,
    ...range,
    rate: step === null ? null : 1 / step,
    gaps: isTime ? gapsIn(clocks) : null,
  });
}

type Range = Pick<ColumnReading, "minimum" | "maximum" | "missing">;

/** The range of a column over all tables, in the unit of the plan. */
function rangeOf(column: PlannedColumn, index: number, tables: readonly ReadSource[]): Range {
  let [minimum, maximum, missing] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const { own, cells, plan } of tables) {
    const at = own[index] as number;
    const unit = plan[at]?.unit ?? column.unit;
    const isSame = unit.symbol === column.unit.symbol;
    const numbers = cells.numbers[at] ?? new Float64Array(0);
    for (let row = 0; row < numbers.length; row++) {
      const number = numbers[row] as number;
      const value = isSame ? number : fromSi(column.unit, toSi(unit, number));
      if (Number.isNaN(value)) missing += 1;
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
    }
  }
  const none = minimum > maximum;
  return { minimum: none ? null : minimum, maximum: none ? null : maximum, missing };
}

/** Steps of more than 2.5 times the median step of their own recording. */
function gapsIn(clocks: readonly Clock[]): number {
  let gaps = 0;
  for (const { steps, step } of clocks) {
    const limit = 2.5 * (step ?? Number.POSITIVE_INFINITY);
    for (let at = 0; at < steps.length; at++) if ((steps[at] as number) > limit) gaps += 1;
  }
  return gaps;
}
