/** What was read, as rows of the report: numbers in the user's units, decisions and oddities in words. */
import type { Reading } from "@leastaction/dynamics";
import { counted, describeOddity, formatted } from "@leastaction/dynamics";
import type { ReadingRow } from "./report-content.ts";

export function readingRows(reading: Reading): readonly ReadingRow[] {
  return reading.columns.map((column) => ({
    column: column.name,
    role: column.pairedWith === null ? column.role : `${column.role} of ${column.pairedWith}`,
    unit: column.unit,
    range: column.minimum === null ? "" : `${formatted(column.minimum)} to ${formatted(column.maximum ?? Number.NaN)}`,
    decided: column.decided,
    remark: [
      ...(column.rate === null ? [] : [`${formatted(column.rate)} Hz`]),
      ...(column.missing === 0 ? [] : [`${counted(column.missing, "value")} missing`]),
      ...reading.oddities.filter((oddity) => oddity.column === column.name).map(({ found }) => found),
    ].join("; "),
  }));
}

/** What is odd about whole files, one sentence each. */
export function fileOddities(reading: Reading): readonly string[] {
  return reading.oddities.filter(({ column }) => column === null).map(describeOddity);
}

/** The table in a few words, without a full stop. */
export function readingSummary(reading: Reading): string {
  const header = reading.headerLine === null ? "no header" : `header in line ${reading.headerLine}`;
  const trajectories = counted(reading.trajectories, "trajectory", "trajectories");
  const comma = reading.decimalComma ? " with decimal commas" : "";
  const writing =
    reading.delimiter === null ? reading.format : `columns separated by ${reading.delimiter}${comma}, ${header}`;
  return `${reading.file.split(/[\\/]/).at(-1)}: ${counted(reading.rows, "row")} in ${trajectories}; ${writing}`;
}
