import { expect, test } from "vitest";
import { runFunction, sweepOf, worstError } from "../testing/measure-function.ts";
import { fastExp } from "./fast-exp.ts";

const sweep = sweepOf("float32", -24, Math.log2(87.3)) as Float32Array;

test("stays within 2 units of the last place", () => {
  const worst = worstError(runFunction(fastExp, sweep), sweep, Math.exp);
  expect(worst).toBeGreaterThan(0.5);
  expect(worst).toBeLessThan(2);
});

test("has exact ends, and keeps NaN", () => {
  const edges = Float32Array.of(0, -0, -87.4, -104, -1e30, -Infinity, 88.72, 88.73, 1e30, Infinity, Number.NaN, 1e9);
  const found = [...runFunction(fastExp, edges)];
  const top = found.splice(6, 1)[0] as number;
  expect(found).toEqual([1, 1, 0, 0, 0, 0, Infinity, Infinity, Infinity, Number.NaN, Infinity]);
  expect(top / Math.exp(Math.fround(88.72))).toBeCloseTo(1, 6);
});

test("scalars give the bits of vectors", () => {
  expect(runFunction(fastExp, sweep, "scalars")).toEqual(runFunction(fastExp, sweep));
});
