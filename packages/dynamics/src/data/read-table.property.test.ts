import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError } from "./data-error.ts";
import { readTable } from "./read-table.ts";
import { toSi, unitNamed } from "./unit.ts";
import { writeNumber, writeTable } from "./write-table.ts";

const cell = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
  fc.constantFrom(
    "",
    "NaN",
    "abc",
    '"',
    '"a"',
    "#",
    "%x",
    "t",
    "theta [deg]",
    "-",
    "1,5",
    "inf",
    "\t",
    " ",
    "0x1",
    "1e999",
    "__proto__",
  ),
  fc.string({ maxLength: 6 }),
);

const options = fc.record(
  {
    columns: fc.dictionary(
      fc.constantFrom("1", "2", "t", "theta", "x"),
      fc.constantFrom(
        "time:s",
        "angle:deg",
        "t",
        "x",
        "velocity",
        "control:V",
        "trajectory",
        ":",
        "toString",
        "sigma",
        "valid",
      ),
    ),
    minimumRows: fc.integer({ min: 0, max: 3 }),
    delimiter: fc.constantFrom(",", ";", "\t", " "),
    header: fc.boolean(),
  },
  { requiredKeys: [] },
);

function succeedsOrExplains(text: string, chosen: Parameters<typeof readTable>[1]): boolean {
  try {
    const dataset = readTable(text, chosen);
    return dataset.trajectories.every(({ times, values }) => values.length === times.length * dataset.observed.length);
  } catch (error) {
    return error instanceof DataError && error.message.startsWith("Cannot read ") && error.remedy.length > 10;
  }
}

describe("readTable on hostile text", () => {
  it("gives data or a DataError for any text", () => {
    fc.assert(fc.property(fc.string({ maxLength: 200, unit: "binary" }), options, succeedsOrExplains), {
      numRuns: 500,
    });
  });

  it("gives data or a DataError for anything like a table", () => {
    const separator = fc.constantFrom(",", ";", "\t", " ", "  ", ", ");
    const end = fc.constantFrom("\n", "\r\n", "\r", "\n\n");
    const grid = fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 8 });
    const text = fc.tuple(grid, separator, end).map(([lines, by, eol]) => lines.map((line) => line.join(by)).join(eol));
    fc.assert(fc.property(text, options, succeedsOrExplains), { numRuns: 1500 });
  });
});

describe("writeTable", () => {
  const units = { theta: ["rad", "deg", "turn"], x: ["m", "mm", "in", "px"], time: ["s", "ms", "min"] };
  // Numbers near the underflow have fewer digits in one unit than in another.
  const normal = (value: number): number => (Math.abs(value) < 1e-290 ? 0 : value);
  const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }).map(normal), fc.constant(Number.NaN));
  const rows = fc.array(fc.tuple(fc.double({ min: 1e-3, max: 10, noNaN: true }), value, value, value), {
    minLength: 2,
    maxLength: 12,
  });
  const headers = fc.record({
    angle: fc.constantFrom(...units.theta),
    length: fc.constantFrom(...units.x),
    time: fc.constantFrom(...units.time),
    run: fc.constantFrom("a", "run 1", "x,y", 'say "a"', "#3", "0.5"),
  });

  it("writes what reads back equal, in every unit", () => {
    fc.assert(
      fc.property(rows, headers, (cells, { angle, length, time, run }) => {
        let clock = 0;
        const lines = cells.map(([step, ...values]) => {
          clock += step;
          return [
            `"${run.replaceAll('"', '""')}"`,
            clock,
            ...values.map((each) => (Number.isNaN(each) ? "" : each)),
          ].join(",");
        });
        const header = `run,t [${time}],theta [${angle}],x [${length}],u`;
        const first = readTable([header, ...lines].join("\n"), {
          minimumRows: 2,
          header: true,
          name: "a",
          delimiter: ",",
        });
        const text = writeTable(first);
        const again = readTable(text, { minimumRows: 2, header: true, name: "a", delimiter: "," });
        expect(again.trajectories).toEqual(first.trajectories);
        expect(again.hash).toBe(first.hash);
        expect(writeTable(again)).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it("writes numbers that convert back, to the last bit where the unit can", () => {
    const symbol = fc.constantFrom("s", "ms", "deg", "deg/s", "rpm", "mm", "in", "N", "px");
    fc.assert(
      fc.property(symbol, fc.double({ min: -1e9, max: 1e9, noNaN: true }).map(normal), (name, user) => {
        const unit = unitNamed(name);
        const si = toSi(unit, user);
        expect(toSi(unit, Number(writeNumber(unit, si)))).toBe(si);
      }),
      { numRuns: 2000 },
    );
    expect(writeNumber(unitNamed("deg"), Number.NaN)).toBe("");
  });
});
