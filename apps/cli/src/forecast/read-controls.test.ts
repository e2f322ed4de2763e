import type { Axis } from "@leastaction/dynamics";
import { describe, expect, test } from "vitest";
import { readControls } from "./read-controls.ts";

const unit = {
  symbol: "",
  known: false,
  dimension: { length: 0, mass: 0, time: 0, current: 0, angle: 0 },
  numerator: 1,
  denominator: 1,
};
const axis = (name: string, header = name): Axis => ({ name, header, unit });
const time = axis("time", "time [s]");
const controls = [axis("mot", "mot [V]"), axis("fan")];

test("controls are found by name or header, whatever the order and the separator", () => {
  const table = readControls("# bench\nfan;mot [V];t\n0;1;0\n0;2.5;1\n", "u.csv", time, controls);
  expect(table).toEqual({
    times: [0, 1],
    values: [
      [1, 2.5],
      [0, 0],
    ],
  });
});

describe("refused, with the line", () => {
  test.each([
    ["t,mot\n0,1\n", "expected a column fan, got the columns t, mot (line 1)"],
    ["t,mot,fan\n", "expected at least one row of controls, got none"],
    ["t,mot,fan\n0,1,2\n1,x,2\n", 'expected a number, got "x" (line 3)'],
    ["t,mot,fan\n0,1,2\n\n0,1,2\n", "expected times that rise, got one that does not (line 4)"],
  ])("%j", (text, message) => {
    expect(() => readControls(text, "u.csv", time, controls)).toThrow(message);
  });
});
