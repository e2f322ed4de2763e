import { expect, test } from "vitest";
import { finiteCurve, finiteMeasures } from "./finite-outcome.ts";

test("what is not finite becomes null among measures and is left out of curves", () => {
  expect(finiteMeasures({ a: 1, b: Number.NaN, c: Number.POSITIVE_INFINITY, d: null })).toEqual({
    a: 1,
    b: null,
    c: null,
    d: null,
  });
  const curve = { name: "loss", steps: [1, 2, 3], values: [0.5, Number.NaN, 0] };
  expect(finiteCurve(curve)).toEqual({ name: "loss", steps: [1, 3], values: [0.5, 0] });
});
