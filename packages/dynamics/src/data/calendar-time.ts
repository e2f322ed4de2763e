/**
 * Times of the calendar: `2026-11-21T17:00:00.005`, `2026-11-21 17:00:00+01:00`, `2026-11-21`.
 *
 * In: a field. Out: whole seconds and nanoseconds, so that a difference of two is as exact as the decimals that were
 * written. Without a zone a time is taken as UTC: no hour is lost or comes twice in between. Digits after the ninth are
 * left out. Deliberately not read: hours of the day without a date (midnight is not told), and days in another order.
 *
 * Source: ISO 8601-1, 2019, the extended format; a blank for `T` as in RFC 3339, section 5.6.
 */

/** A time of the calendar. */
export interface CalendarTime {
  /** Whole seconds since 1970-01-01, UTC. */
  readonly seconds: number;
  /** 0 to 999 999 999 beyond them. */
  readonly nanoseconds: number;
}

const pattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d{0,9})?)?(?:Z|([+-])(\d\d):?(\d\d)?)?)?$/;
const longest = 45;

/** The time that a field states; null where it states none. */
export function calendarTime(field: string): CalendarTime | null {
  const match = field.length > longest ? null : pattern.exec(field);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [fraction = "", sign, offsetHours = "0", offsetMinutes = "0"] = match.slice(7);
  const midnight = new Date(Date.UTC(year, month - 1, day));
  const isDay = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day;
  // A minute may have a 61st second.
  if (!isDay || hour > 23 || minute > 59 || second > 60) return null;
  const offset = (sign === "-" ? -60 : 60) * (60 * Number(offsetHours) + Number(offsetMinutes));
  const ofDay = 3600 * hour + 60 * minute + second;
  return { seconds: midnight.getTime() / 1000 + ofDay - offset, nanoseconds: Number(fraction.padEnd(9, "0")) };
}

/** Seconds from one time to another, rounded once. */
export function secondsBetween(from: CalendarTime, to: CalendarTime): number {
  return ((to.seconds - from.seconds) * 1e9 + (to.nanoseconds - from.nanoseconds)) / 1e9;
}

/** The first of some fields where all of them are dates; else null. */
export function firstDateOf(fields: readonly string[]): string | null {
  return fields.every((field) => calendarTime(field) !== null) ? (fields[0] ?? null) : null;
}
