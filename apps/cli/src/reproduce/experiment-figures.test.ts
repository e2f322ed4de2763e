import { expect, test } from "vitest";
import { experimentFigures } from "./experiment-figures.ts";

const spec = { name: "a", caption: "All.", label: "error", levels: [] };
const curveOf = (values: readonly number[]) => ({ name: "total", steps: values.map((_, i) => i), values });
const ticksOf = (values: readonly number[]): readonly string[] => {
  const [figure] = experimentFigures([{ ...spec, curves: [curveOf(values)] }]);
  return figure?.svg.match(/\de[-+]\d/g) ?? [];
};

test("the axis reaches from the least to the greatest value, and over a decade at least", () => {
  expect(ticksOf([2.4e-3, 2.6e-3]).every((tick) => tick.endsWith("e-3") || tick.endsWith("e-4"))).toBe(true);
  expect(ticksOf([2.4e-3, 2.6e-3]).length).toBeGreaterThan(2);
  expect(ticksOf([4, 1e-6])).toEqual(expect.arrayContaining(["1e+0", "1e-6"]));
});

test("what is not positive is left out, and no curve is no figure", () => {
  expect(ticksOf([0, -1, Number.NaN]).length).toBeGreaterThan(0);
  expect(experimentFigures([{ ...spec, curves: [] }])).toEqual([]);
});
