/**
 * What all tables share: cells in columns, and ratios to the baseline.
 */
import { median } from "./rows.ts";

/** The lines of a table: the first column to the left, the others to the right. */
export function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

/** Median and spread of the ratios to the rounds of the baseline, round by round. */
export function ratioCells(rounds: readonly number[], base: readonly number[] | undefined): [string, string] {
  if (base === undefined) return ["-", ""];
  const ratios = rounds.map((ms, i) => ms / (base[i] ?? Number.NaN));
  return [median(ratios).toFixed(2), `${Math.min(...ratios).toFixed(2)}..${Math.max(...ratios).toFixed(2)}`];
}
