import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arraySource } from "./array-source.ts";
import type { Dataset } from "./dataset.ts";
import { datasetOf } from "./dataset-of.ts";
import { meanSource } from "./mean-source.ts";
import { type ReadTableOptions, readTable } from "./read-table.ts";

const read = (text: string | (() => Iterable<string>), options: ReadTableOptions = {}): Dataset =>
  readTable(text, { minimumRows: 2, ...options });

describe("what stands above the data", () => {
  const body = "0,1,2\n0.1,2,3\n0.2,3,4\n";

  it.each([
    ["a line of units", `t,x,F\ns,mm,N\n${body}`, 1],
    ["units in brackets", `t,x,F\n[s],[mm],(N)\n${body}`, 1],
    ["a comment of units", `# t,x,F\n# s,mm,N\n${body}`, 1],
    ["lines about the recording", `Logger,7\nStart,2026-11-21\nt,x,F\ns,mm,N\n${body}`, 3],
    ["prose", `Swing of Saturday\n\nt [s],x [mm],F [N]\n${body}`, 3],
  ])("may be %s", (_, text, line) => {
    const { reading, coordinates, controls, trajectories } = read(text);
    expect(reading.headerLine).toBe(line);
    expect([coordinates[0]?.name, coordinates[0]?.unit.symbol]).toEqual(["x", "mm"]);
    expect([controls[0]?.name, controls[0]?.unit.symbol]).toEqual(["F", "N"]);
    expect(trajectories[0]?.times).toEqual(Float64Array.of(0, 0.1, 0.2));
  });

  it("is told when it is passed over", () => {
    expect(read(`Logger,7\nStart,2026-11-21\nt,x,F\n${body}`).reading.notes).toEqual([
      "2 lines above the table passed over, from line 1: Logger 7",
    ]);
  });

  it("never takes a row of data for a preamble", () => {
    expect(() => read(`t,x,F\n0,1\n${body.slice(6)}`)).toThrow("expected 3 columns (t, x, F), got 2 (line 2)");
    expect(() => read(`t,x,F\nerr,err,err\n${body}`)).toThrow('expected a number, got "err" (line 2, column t)');
  });
});

describe("a text in chunks", () => {
  const chunksOf = (text: string, cuts: readonly number[]) => (): readonly string[] => {
    const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
    return places.slice(1).map((place, index) => text.slice(places[index], place));
  };

  it.each([
    ["plain", "t,theta [deg],note\n0,1,a\n0.1,2,b\n0.2,3.25,c"],
    ["Windows, quotes and comments", '\ufefft;"theta [deg]"\r\n# a "note"\r\n0;"1"\r\n0,1;2,5\r\n0,2;3\r\n'],
    ["quoted line ends", 't,theta,"the\nnote"\n0,1,"a\nb"\n0.1,2,"c\n\n""d"""\n0.2,3,e\n'],
    ["white space", "  t  theta\n 0.0   1.0\n 0.1   2.0\n\n 0.2   3.0"],
  ])("is read as a whole one, wherever it is cut: %s", (_, text) => {
    const whole = read(text);
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 6 }), (cuts) => {
        const { hash, reading } = read(chunksOf(text, cuts));
        return hash === whole.hash && reading.headerLine === whole.reading.headerLine;
      }),
      { numRuns: 100 },
    );
  });

  it("names the line of a fault", () => {
    const text = "t,theta\n0,1\n0.1,2\n0.2,x\n";
    expect(() => read(chunksOf(text, [3, 9, 14, 20]))).toThrow('got "x" (line 4, column theta)');
  });

  it("is refused with the remedy when it does not fit", () => {
    const rows = Array.from({ length: 1000 }, (_, row) => `${row},${row % 7}`);
    const text = ["t,theta", ...rows].join("\n");
    expect(() => read(() => [text], { maximumNumbers: 200, size: text.length, name: "long.csv" })).toThrow(
      "Cannot read long.csv: expected at most 200 numbers, got about 2,300\n" +
        "Keep the mean of every 13 rows: --mean 13; or leave columns out (of theta): --column theta=ignore.",
    );
    expect(read(() => [text], { maximumNumbers: 200, mean: 13 }).reading.rows).toBe(77);
  });
});

describe("means of runs of rows", () => {
  it("keep times, values, controls and what is missing", () => {
    const { trajectories, reading } = read("t,x,u\n0,1,4\n1,3,\n2,,8\n3,7,10\n4,9,1\n", { mean: 2 });
    const [{ times, values, controls }] = trajectories as [Dataset["trajectories"][0]];
    expect([...times]).toEqual([0.5, 2.5, 4]);
    expect([...values]).toEqual([2, 7, 9]);
    expect([...controls]).toEqual([4, 9, 1]);
    expect(reading.notes).toEqual(["each row is the mean of 2"]);
  });

  it("average angles on one turn, and errors as independent ones", () => {
    const rows = "0,359,3\n1,1,4\n2,10,5\n3,20,12\n";
    const data = read(`t,theta [deg],sigma_theta [deg]\n${rows}`, { mean: 2 });
    const degree = Math.PI / 180;
    const [trajectory] = data.trajectories;
    expect(trajectory?.values[0]).toBeCloseTo(360 * degree, 12);
    expect(trajectory?.values[1]).toBeCloseTo(15 * degree, 12);
    expect(trajectory?.sigmas?.[0]).toBeCloseTo(2.5 * degree, 12);
  });

  it("end where the recording changes, and at a gap", () => {
    const data = read("run,t,x\na,0,1\na,1,2\na,2,3\nb,0,4\nb,1,5\nb,9,6\nb,10,8\n", { mean: 2 });
    expect(data.trajectories.map(({ times }) => [...times])).toEqual([
      [0.5, 2],
      [0.5, 9.5],
    ]);
  });

  it("are the same for arrays", () => {
    const columns = [
      { name: "t", values: [0, 1, 2, 3, 4] },
      { name: "x", values: [1, 3, Number.NaN, 7, 9] },
    ];
    const arrays = datasetOf([meanSource(arraySource(columns), 2)], { minimumRows: 2 });
    const text = read("t,x\n0,1\n1,3\n2,\n3,7\n4,9\n", { mean: 2 });
    expect(arrays.hash).toBe(text.hash);
    expect(arrays.reading.notes).toEqual(text.reading.notes);
  });

  it("need rows in the order of time", () => {
    expect(() => read("t,x\n0,1\n1,2\n0.5,3\n", { mean: 2 })).toThrow(
      "expected a time after 1, got 0.5 (line 4, column t)",
    );
  });
});

it("refuses thousands of columns", () => {
  const names = Array.from({ length: 3000 }, (_, index) => `x${index}`);
  const row = names.map((_, index) => index);
  expect(() => read([names, row, row].map((fields) => fields.join(",")).join("\n"))).toThrow(
    "Cannot read table: expected at most 1000 columns, one for each measured quantity, got 3000",
  );
});
