import { expect, test } from "vitest";
import type { Climbed } from "./climb.ts";
import { agree, ladderTable } from "./table.ts";

const climbed = (rung: string, ms: number, loss = 2): Climbed => ({ rung, ms, firstCallMs: 1, loss });

test("a line a workload, a column a rung, and what all measures bring together", () => {
  const row = {
    workload: "hnn",
    measures: [climbed("base", 12), climbed("+ tiles", 3)],
    tiles: [climbed("tile 16", 3.5)],
  };
  expect(
    ladderTable([
      { ...row, equalWork: true },
      { ...row, equalWork: false },
    ]),
  ).toEqual([
    "| ms per step | base | + tiles | base / all | tile 16 |",
    "| --- | --: | --: | --: | --: |",
    "| hnn | 12.0 | 3.00 | 4.00 | 3.50 |",
    "| hnn (NO equal work) | 12.0 | 3.00 | 4.00 | 3.50 |",
  ]);
});

test("losses agree to a relative tolerance, and never with what is no number", () => {
  expect(agree([climbed("base", 1), climbed("+ tiles", 1, 2.0001)], 1e-4)).toBe(true);
  expect(agree([climbed("base", 1), climbed("+ tiles", 1, 2.001)], 1e-4)).toBe(false);
  expect(agree([climbed("base", 1), climbed("+ tiles", 1, Number.NaN)], 1e-4)).toBe(false);
});
