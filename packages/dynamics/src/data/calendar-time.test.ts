import { describe, expect, it } from "vitest";
import { arraySource } from "./array-source.ts";
import { calendarTime, secondsBetween } from "./calendar-time.ts";
import type { Dataset } from "./dataset.ts";
import { datasetOf } from "./dataset-of.ts";
import { readTable } from "./read-table.ts";

const start = Date.UTC(2026, 10, 21, 17) / 1000;

describe("calendarTime", () => {
  it.each([
    ["2026-11-21T17:00:00", start, 0],
    ["2026-11-21T17:00:00.005Z", start, 5e6],
    ["2026-11-21 17:00:00,25", start, 25e7],
    ["2026-11-21T18:30+01:30", start, 0],
    ["2026-11-21 12:00:00.000000-0500", start, 0],
    ["2026-11-21T19:00:00+02", start, 0],
    ["2026-11-21", start - 17 * 3600, 0],
    ["2024-02-29", Date.UTC(2024, 1, 29) / 1000, 0],
    ["2016-12-31T23:59:60Z", Date.UTC(2017, 0, 1) / 1000, 0],
    ["2026-11-21T17:00:00.123456789012", start, 123456789],
  ])("reads %s", (field, seconds, nanoseconds) => {
    expect(calendarTime(field)).toEqual({ seconds, nanoseconds });
  });

  it.each([
    "17:00:00",
    "21.11.2026",
    "2026-13-01",
    "2026-02-30",
    "2026-11-21T24:00:00",
    "2026-11-21T10:61:00",
    "2026-11-21T10",
    "20261121",
    "2026-11-21T10:00:00 noon",
    "",
  ])("leaves %s alone", (field) => {
    expect(calendarTime(field)).toBeNull();
  });

  it("tells differences as exactly as the decimals that were written", () => {
    const moment = (field: string) => calendarTime(field) as NonNullable<ReturnType<typeof calendarTime>>;
    const zero = moment("2026-11-21T16:59:59.7");
    expect(secondsBetween(zero, moment("2026-11-21T17:00:00.005"))).toBe(0.305);
    expect(secondsBetween(zero, moment("2026-11-21T16:59:59.700000001"))).toBe(1e-9);
  });
});

const swing = (time: (row: number) => string, header: string, delimiter = ","): string =>
  [
    [header, "theta[deg]"].join(delimiter),
    ...Array.from({ length: 40 }, (_, row) => [time(row), (20 * Math.cos(row / 4)).toFixed(3)].join(delimiter)),
  ].join("\n");
/** 20 ms apart, across midnight. */
const date = (row: number): string => new Date(Date.UTC(2026, 10, 21, 23, 59, 59, 640 + 20 * row)).toISOString();
const decided = ({ reading }: Dataset) => reading.columns[0]?.decided;

describe("a time column of dates", () => {
  const wanted = readTable(swing((row) => (0.02 * row).toFixed(2), "t"));

  it.each([
    ["t", ",", "by name"],
    ["timestamp[s]", ";", "by name and unit"],
    ["time", "\t", "by name"],
    ["time", " ", "by name"],
  ])("is the time from the first row: %s, delimiter %j", (header, delimiter, how) => {
    const data = readTable(swing(date, header, delimiter));
    expect(data.trajectories[0]?.times).toEqual(wanted.trajectories[0]?.times);
    expect(data.hash).toBe(wanted.hash);
    expect(decided(data)).toBe(`${how}, dates, read as time from 2026-11-21T23:59:59.640Z`);
    expect(data.reading.oddities).toEqual([]);
  });

  it("is found by its dates where no name says so, and without a header", () => {
    expect(decided(readTable(swing(date, "when")))).toMatch(/^by its dates, /);
    const bare = readTable(swing(date, "when").split("\n").slice(1).join("\n"), {
      columns: { "2": "theta:angle:deg" },
    });
    expect(bare.reading.headerLine).toBeNull();
    expect(bare.trajectories[0]?.times).toEqual(wanted.trajectories[0]?.times);
    const beside = swing((row) => `${date(row)},${(0.02 * row).toFixed(2)}`, "date,t");
    expect(readTable(beside).trajectories[0]?.times).toEqual(wanted.trajectories[0]?.times);
  });

  it("may be written with a blank and in another unit, and hours apart is not milliseconds", () => {
    const blank = readTable(swing((row) => date(row).replace("T", " ").replace("Z", ""), "t [ms]"));
    expect(blank.trajectories[0]?.times).toEqual(wanted.trajectories[0]?.times);
    const hourly = readTable(swing((row) => new Date(3.6e6 * row).toISOString(), "time"));
    expect(hourly.trajectories[0]?.times[2]).toBe(7200);
    expect(hourly.reading.oddities.map(({ kind }) => kind)).not.toContain("milliseconds-as-seconds");
  });

  it("is read from arrays of words too", () => {
    const rows = Array.from({ length: 40 }, (_, row) => row);
    const data = datasetOf([
      arraySource([
        { name: "t", values: rows.map(date) },
        { name: "theta [deg]", values: rows.map((row) => Number((20 * Math.cos(row / 4)).toFixed(3))) },
      ]),
    ]);
    expect(data.hash).toBe(wanted.hash);
  });

  it("holds dates in every row, or numbers in every row", () => {
    const mixed = (other: string, at: number) => swing((row) => (row === at ? other : date(row)), "t");
    expect(() => readTable(mixed("0.16", 8))).toThrow(
      'expected a date and time, as in the first row, got "0.16" (line 10, column t)\nWrite all times as dates',
    );
    expect(() => readTable(mixed("", 8))).toThrow("expected a time in every row, got none (line 10, column t)");
    expect(() => readTable(mixed("0", 0))).toThrow(
      'expected a number, got "2026-11-21T23:59:59.660Z" (line 3, column t)',
    );
    expect(() => readTable(swing((row) => `17:00:${10 + row}`, "t"))).toThrow(
      "or all as dates: 2026-11-21T17:00:00.005",
    );
  });
});
