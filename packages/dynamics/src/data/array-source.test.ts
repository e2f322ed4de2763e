import { expect, it } from "vitest";
import { arraySource } from "./array-source.ts";
import { datasetOf } from "./dataset-of.ts";
import { readTable } from "./read-table.ts";

const t = Float64Array.of(0, 0.1, 0.2, 0.3);
const theta = Float32Array.of(1, 2, -999, 4);
const options = { minimumRows: 2 };

it("gives the data set that the same text gives", () => {
  const run = ["a", "a", "b", "b"];
  const columns = [
    { name: "run", values: run },
    { name: "t", values: t },
    { name: "theta [deg]", values: [1, 2, Number.NaN, 4] },
  ];
  const text = "run,t,theta [deg]\na,0,1\na,0.1,2\nb,0.2,\nb,0.3,4";
  expect(datasetOf([arraySource(columns)], options).hash).toBe(readTable(text, options).hash);
});

it("knows numbers for runs, numbers in words, and declared codes", () => {
  const columns = [
    { name: "run", values: [1, 1, 2, 2] },
    { name: "t", values: ["0", "0.1", " 0.2 ", "0.3"] },
    { name: "theta", values: theta },
  ];
  const data = datasetOf([arraySource(columns)], { ...options, missing: ["-999"] });
  expect(data.trajectories.map(({ name, mask }) => [name, [...mask]])).toEqual([
    ["1", [1, 1]],
    ["2", [0, 1]],
  ]);
});

it("refuses what is no table", () => {
  expect(() => arraySource([], { name: "rig" })).toThrow(
    "Cannot read rig: expected columns with rows in them, got none",
  );
  expect(() =>
    arraySource([
      { name: "t", values: t },
      { name: "x", values: [1] },
    ]),
  ).toThrow("Cannot read table: expected 4 rows, as in t, got 1 (column x)");
  const endless = [
    { name: "t", values: t },
    { name: "x", values: [1, 2, Number.POSITIVE_INFINITY, 4] },
  ];
  expect(() => datasetOf([arraySource(endless)], options)).toThrow(
    'expected a number, got "Infinity" (line 3, column x)',
  );
});
