import { expect, test } from "vitest";
import { rowOfSeeds } from "./row-of-seeds.ts";

const words = { name: "a", quantity: "error" };

test("a row tells the median and how far the seeds are apart", () => {
  const values = new Map([
    [0, 4],
    [1, 1],
    [2, 2],
    [5, 10],
  ]);
  expect(rowOfSeeds(values, words)).toEqual({
    ...words,
    grid: null,
    published: null,
    note: "",
    seeds: [0, 1, 2, 5],
    ours: 3,
    spread: [1, 10],
    bar: null,
    holds: null,
  });
});

test("it is held against its bar, which a missing number fails", () => {
  const values = new Map<number, number | null>([
    [0, 1],
    [1, 3],
  ]);
  expect(rowOfSeeds(values, { ...words, bar: { is: "at most", value: 2 } }).holds).toBe(true);
  expect(rowOfSeeds(values, { ...words, bar: { is: "at least", value: 2.1 } }).holds).toBe(false);
  const failed = rowOfSeeds(values.set(2, null), { ...words, bar: { is: "at most", value: 2 } });
  expect(failed).toMatchObject({ ours: null, spread: null, holds: false, seeds: [0, 1, 2] });
  expect(rowOfSeeds(new Map(), words)).toMatchObject({ ours: null, spread: null, seeds: [] });
});
