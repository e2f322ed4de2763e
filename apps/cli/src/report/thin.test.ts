import { expect, test } from "vitest";
import { thinned } from "./thin.ts";

test("an oscillation keeps its height when it is drawn with fewer points", () => {
  const values = Float64Array.from(
    { length: 100_000 },
    (_, index) => Math.sin(index * 0.7) * (index === 61_234 ? 5 : 1),
  );
  const indices = thinned(values, 600);
  expect(indices.length).toBeLessThanOrEqual(602);
  expect([indices[0], indices.at(-1)]).toEqual([0, values.length - 1]);
  expect([...indices]).toEqual([...indices].sort((a, b) => a - b));
  const shown = [...indices].map((index) => values[index] as number);
  expect(Math.max(...shown)).toBe(Math.max(...values));
  expect(Math.min(...shown)).toBe(Math.min(...values));
});

test("few points all stay", () => {
  expect([...thinned(Float64Array.of(1, 2, 3), 600)]).toEqual([0, 1, 2]);
});
