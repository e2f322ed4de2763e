/**
 * One cell of a table: a number in the user's unit, NaN where it is missing, or a word.
 * Text and files of arrays go through the same rules, so that equal measurements give equal data sets.
 */

import { DataError } from "./data-error.ts";
import { plainText } from "./plain-text.ts";
import type { WantedColumn } from "./table-source.ts";

/** Where a cell stands. */
export interface CellPlace {
  readonly column: WantedColumn;
  /** Line of a text, or row of an array, from 1. */
  readonly line: number;
  readonly file: string;
}

const missingWords = new Set(["", "nan", "na", "n/a", "null", "none", "-"]);

/** Whether a field says that there is no value. */
export function isMissingWord(field: string): boolean {
  return field === "" || (field.length < 5 && missingWords.has(field.toLowerCase()));
}

/** The number a field holds, or NaN when it holds none. Infinite values, hexadecimal digits and blanks are no numbers. */
export function numberIn(field: string, decimalComma: boolean): number {
  const plain = decimalComma && field.includes(",") ? field.replace(",", ".") : field;
  const value = plain === "" ? Number.NaN : Number(plain);
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return Number.NaN;
  return /^[+-]?0[xob]/i.test(plain) ? Number.NaN : value;
}

/** The number of a field; NaN where it is missing, an error where there is something else or a time is missing. */
export function numberOfField(field: string, place: CellPlace, decimalComma: boolean): number {
  const value = numberIn(field, decimalComma);
  if (!Number.isNaN(value)) return value;
  if (!isMissingWord(field)) throw notANumber(field, place);
  return numberOfValue(value, place);
}

/** A number as it was stored; infinite values are an error, and so is a missing time. */
export function numberOfValue(value: number, place: CellPlace): number {
  if (Number.isFinite(value)) return value;
  if (!Number.isNaN(value)) throw notANumber(String(value), place);
  if (place.column.role !== "time") return value;
  throw new DataError({
    code: "missing-value",
    file: place.file,
    line: place.line,
    column: place.column.name,
    expected: "a time in every row",
    found: "none",
    remedy: "Fill in the time or remove the row: a measurement without its time cannot be used.",
  });
}

/** The word of a field: `0` and `0.0e+00` name the same trajectory. */
export function wordOfField(field: string, { column, line, file }: CellPlace, decimalComma: boolean): string {
  if (column.role === "valid") return field.toLowerCase();
  if (field === "") {
    throw new DataError({
      code: "missing-value",
      file,
      line,
      column: column.name,
      expected: `a ${column.role} in every row`,
      found: "an empty cell",
      remedy: `Fill it in, or do not use the column: --column ${column.name}=ignore.`,
    });
  }
  const value = numberIn(field, decimalComma);
  return Number.isNaN(value) ? plainText(field) : String(value + 0);
}

function notANumber(field: string, { column, line, file }: CellPlace): DataError {
  const code = /^[\w.-]{1,12}$/.test(field) ? ` or say --missing ${field}` : "";
  return new DataError({
    code: "not-a-number",
    file,
    line,
    column: column.name,
    expected: "a number",
    found: `"${field.length > 40 ? `${field.slice(0, 40)}…` : field}"`,
    remedy:
      column.role === "time"
        ? "Write all times as numbers, such as seconds from the start, or all as dates: 2026-11-21T17:00:00.005."
        : `Correct the cell, leave it empty if the value is missing${code}, or do not use the column: --column ${column.name}=ignore.`,
  });
}
