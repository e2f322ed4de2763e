/**
 * Where the header of a table is: what stands above the data, sorted into preamble, names and units.
 *
 * In: the first records. Out: which of them are which. Loggers write some lines about the recording, then the names,
 * then a line of units; a line above the data is a name line only if it is no number, and a preamble only if it differs
 * in width from the table or stands above the names. Nothing that could be data is passed over.
 */

import { calendarTime } from "./calendar-time.ts";
import { roleOfName, splitHeader } from "./column-name.ts";
import { isMissingWord, numberIn } from "./read-cell.ts";
import type { TableRecord } from "./table-lines.ts";
import { parseUnit } from "./unit.ts";

/** What stands above the data. */
export interface HeaderPlace {
  /** The record of names; null without one. */
  readonly names: TableRecord | null;
  /** The header texts, with the units of a second line; null without names. */
  readonly headers: readonly string[] | null;
  /** Index of the first record of data. */
  readonly dataFrom: number;
  /** The records that belong to no table. */
  readonly preamble: readonly TableRecord[];
}

/** Finds the header of a table by its first records; `declared` says whether there is one. */
export function findHeader(
  opening: readonly TableRecord[],
  decimalComma: boolean,
  declared: boolean | undefined,
): HeaderPlace {
  if (declared === false) return { names: null, headers: null, dataFrom: 0, preamble: [] };
  const isNumber = (field: string): boolean =>
    !Number.isNaN(numberIn(field, decimalComma)) || calendarTime(field) !== null;
  const isWord = (field: string): boolean => !isMissingWord(field) && !isNumber(field);
  const start = preambleLength(opening, isWord);
  const table = opening.slice(start);
  const wordy = table.findIndex(({ fields }) => !fields.some(isWord) || fields.some(isNumber));
  const lines = wordy === -1 ? 1 : wordy;
  const at = lines < 2 ? 0 : namesAmong(table.slice(0, lines));
  const names = table[at] as TableRecord;
  if (declared !== true && !looksLikeHeader(table.slice(at), isWord, isNumber)) {
    return { names: null, headers: null, dataFrom: start, preamble: opening.slice(0, start) };
  }
  const units = at + 1 < lines && isUnits((table[at + 1] as TableRecord).fields) ? table[at + 1] : undefined;
  return {
    names,
    headers: units === undefined ? names.fields : withUnits(names.fields, units.fields),
    dataFrom: start + at + (units === undefined ? 1 : 2),
    preamble: opening.slice(0, start + at),
  };
}

/** Records at the start that are narrower or wider than the table and hold words. */
function preambleLength(opening: readonly TableRecord[], isWord: (field: string) => boolean): number {
  const counts = new Map<number, number>();
  for (const { fields } of opening) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  const [width] = [...counts].reduce((most, entry) => (entry[1] >= most[1] ? entry : most));
  const start = opening.findIndex(({ fields }) => fields.length === width);
  const isPreamble = opening.slice(0, start).every(({ fields }) => fields.some(isWord));
  return isPreamble && opening.length - start >= 3 ? start : 0;
}

/** Of several lines of words, the one with most known names; of equals the last that is no line of units. */
function namesAmong(lines: readonly TableRecord[]): number {
  const known = ({ fields }: TableRecord): number =>
    isUnits(fields) ? -1 : fields.filter((field) => roleOfName(splitHeader(field).name) !== null).length;
  return lines.reduce((best, line, index) => (known(line) >= known(lines[best] as TableRecord) ? index : best), 0);
}

const bare = (field: string): string => field.replace(/^[[(](.*)[\])]$/, "$1").trim();

/** Whether every field is a unit or nothing. */
export function isUnits(fields: readonly string[]): boolean {
  const isNothing = (field: string): boolean => ["", "-", "--", "1"].includes(bare(field));
  return (
    fields.some((field) => !isNothing(field)) &&
    fields.every((field) => isNothing(field) || parseUnit(bare(field)) !== null)
  );
}

/** Names with the units of a line below, where they state none themselves. */
export function withUnits(names: readonly string[], units: readonly string[]): readonly string[] {
  return names.map((name, index) => {
    const unit = bare(units[index] ?? "");
    return unit === "" || splitHeader(name).unit !== null ? name : `${name} [${unit}]`;
  });
}

/** A header is a first record of words over at least one column of numbers. */
function looksLikeHeader(
  table: readonly TableRecord[],
  isWord: (field: string) => boolean,
  isNumber: (field: string) => boolean,
): boolean {
  const { fields } = table[0] as TableRecord;
  const words = fields.filter(isWord).length;
  const values = fields.filter((field) => !isMissingWord(field)).length;
  if (words === 0 || words * 2 < values) return false;
  const rest = table.slice(1);
  if (rest.length === 0) return true;
  return fields.some((field, index) => isWord(field) && rest.some((record) => isNumber(record.fields[index] ?? "")));
}
