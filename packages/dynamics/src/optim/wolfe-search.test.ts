import { describe, expect, it } from "vitest";
import { type LinePoint, wolfeSearch } from "./wolfe-search.ts";

type Line = readonly [value: (x: number) => number, slope: (x: number) => number];
const lines: Readonly<Record<string, Line>> = {
  parabola: [(x) => (x - 3) ** 2, (x) => 2 * (x - 3)],
  "far away": [(x) => (x - 1e4) ** 2, (x) => 2 * (x - 1e4)],
  "very near": [(x) => (x - 1e-6) ** 2, (x) => 2 * (x - 1e-6)],
  waves: [(x) => Math.sin(3 * x + 2) - x / 5, (x) => 3 * Math.cos(3 * x + 2) - 1 / 5],
  pole: [(x) => x - 3 - 2 * Math.log(2 - x) - 8 * x, (x) => 1 + 2 / (2 - x) - 8],
};

describe("wolfeSearch", () => {
  it.each(Object.entries(lines))("fulfils both conditions: %s", async (_, [value, slope]) => {
    const at = async (step: number): Promise<LinePoint> => ({ step, value: value(step), slope: slope(step) });
    const start = await at(0);
    expect(start.slope).toBeLessThan(0);
    for (const first of [1e-3, 1, 50]) {
      const found = (await wolfeSearch(at, start, first)) as LinePoint;
      expect(found.value).toBeLessThanOrEqual(start.value + 1e-4 * found.step * start.slope);
      expect(Math.abs(found.slope)).toBeLessThanOrEqual(-0.9 * start.slope);
    }
  });

  it("finds nothing on a line that falls for ever, and none where nothing falls", async () => {
    const falling = async (step: number) => ({ step, value: -step, slope: -1 });
    expect(await wolfeSearch(falling, await falling(0), 1)).toBeNull();
    const flat = async (step: number) => ({ step, value: 1, slope: -1 });
    expect(await wolfeSearch(flat, await flat(0), 1)).toBeNull();
  });
});
