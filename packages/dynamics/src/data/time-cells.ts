/**
 * The cells of a time column, one after the other: numbers in the column's unit, or dates, which become the time since the
 * first one. The first row decides which of the two the column holds.
 */

import { type CalendarTime, calendarTime, secondsBetween } from "./calendar-time.ts";
import { DataError } from "./data-error.ts";
import { type CellPlace, isMissingWord, numberOfField } from "./read-cell.ts";
import { fromSi } from "./unit.ts";

/** Reads cell after cell. It has identity: it remembers the first one. */
export class TimeCells {
  #first: CalendarTime | null = null;

  /** Whether the column holds dates. */
  get holdsDates(): boolean {
    return this.#first !== null;
  }

  /**
   * The time of a field, in the column's unit.
   * @param isFirst whether it stands in the first row
   * @throws DataError where it is neither, or not what the first row holds
   */
  read(field: string, place: CellPlace, decimalComma: boolean, isFirst: boolean): number {
    const moment = calendarTime(field);
    if (isFirst) this.#first = moment;
    if (this.#first === null || isMissingWord(field)) return numberOfField(field, place, decimalComma);
    if (moment === null) throw noDate(field, place);
    return fromSi(place.column.unit, secondsBetween(this.#first, moment));
  }
}

function noDate(field: string, { column, line, file }: CellPlace): DataError {
  return new DataError({
    code: "not-a-number",
    file,
    line,
    column: column.name,
    expected: "a date and time, as in the first row",
    found: `"${field.length > 40 ? `${field.slice(0, 40)}…` : field}"`,
    remedy: "Write all times as dates (2026-11-21T17:00:00.005), or all as numbers.",
  });
}
