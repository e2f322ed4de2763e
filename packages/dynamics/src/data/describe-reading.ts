/**
 * The reading in words: one line for the table, one for each column, one for each oddity, before any training.
 */

import type { ColumnReading, Reading } from "./reading.ts";

/** The lines to print. */
export function describeReading(reading: Reading): readonly string[] {
  const header = reading.headerLine === null ? "no header" : `header in line ${reading.headerLine}`;
  const comma = reading.decimalComma ? ", decimal commas" : "";
  const writing = reading.delimiter === null ? reading.format : `${reading.delimiter}${comma}, ${header}`;
  const trajectories = `${reading.trajectories} ${reading.trajectories === 1 ? "trajectory" : "trajectories"}`;
  return [
    `${reading.file}: ${reading.rows} rows, ${trajectories}, ${writing}`,
    ...reading.columns.flatMap(describeColumn),
  ];
}

function describeColumn(column: ColumnReading): readonly string[] {
  const unit = column.unit === "" ? "" : ` [${column.unit}]`;
  const range = column.minimum === null ? "" : `  ${short(column.minimum)} .. ${short(column.maximum as number)}`;
  const rate = column.rate === null ? "" : `  ${short(column.rate)} Hz`;
  const pair = column.pairedWith === null ? "" : ` of ${column.pairedWith}`;
  return [
    `  ${column.name}: ${column.role}${pair}${unit}${range}${rate}  (${column.decided})`,
    ...column.oddities.map((oddity) => `    ! ${column.name}: ${oddity}`),
  ];
}

function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}
