import { expect, test } from "vitest";
import type { Facts } from "../contender.ts";
import { honestyOf } from "./honesty.ts";
import { rowsOf, spreadOf } from "./rows.ts";
import { tableOf } from "./table.ts";

const facts: Facts = { loss: 2, gradientNorm: 3, bytes: 8, firstCallMs: 1, dtype: "float32", threads: 1 };
const known = { loss64: 2, gradientNorm64: 3, afterSteps: { steps: 20, loss64: 1 } };
const c = { system: "c", facts, rounds: [1, 2, 4], lastLoss: 1 };
const wasm = { system: "wasm", facts: { ...facts, bytes: 12 }, rounds: [3, 4, 8], lastLoss: 1 };

test("the median of an even number of values is the mean of the middle two", () => {
  expect(spreadOf([4, 1, 3])).toEqual({ median: 3, min: 1, max: 4 });
  expect(spreadOf([4, 1, 3, 2]).median).toBe(2.5);
});

test("equal work means all three numbers agree, to the tolerance of the element type", () => {
  const isEqual = (change: Partial<Facts>, lastLoss = 1) =>
    rowsOf("hnn", [{ system: "c", facts: { ...facts, ...change }, rounds: [1], lastLoss }], known)[0]?.equalWork;
  expect(isEqual({ loss: 2 * (1 + 9e-6) })).toBe(true);
  expect(isEqual({ loss: 2 * (1 + 2e-5) })).toBe(false);
  expect(isEqual({ gradientNorm: 3 * (1 - 2e-5) })).toBe(false);
  expect(isEqual({ loss: Number.NaN })).toBe(false);
  expect(isEqual({ dtype: "float64", loss: 2 * (1 + 1e-9) })).toBe(false);
  expect(isEqual({}, 1 + 9e-5)).toBe(true);
  expect(isEqual({}, 1 + 2e-4)).toBe(false);
});

test("ratios are taken round by round, against the C of the same round", () => {
  const [, row] = rowsOf("hnn", [c, wasm], known);
  expect(row?.timesC).toEqual({ median: 2, min: 2, max: 3 });
  expect(row?.bytesTimesC).toBe(1.5);
});

test("a system with fewer rounds than C, and one where C did not run, have the ratios there are", () => {
  expect(rowsOf("hnn", [c, { ...wasm, rounds: [3] }], known)[1]?.timesC).toEqual({ median: 3, min: 3, max: 3 });
  expect(rowsOf("hnn", [{ ...c, rounds: [2] }, wasm], known)[1]?.timesC?.median).toBe(1.5);
  expect(rowsOf("hnn", [wasm], known)[0]).toMatchObject({ timesC: null, bytesTimesC: null });
});

test("the table tells threads, times and bytes beside C, and whether the bar is met", () => {
  const rows = rowsOf("hnn", [c, { ...wasm, system: "wasm-fast" }], known);
  const lines = tableOf(rows, { bars: { "wasm-fast": 1.9 } }, honestyOf("hnn", [c], {}));
  expect(lines[0]).toBe("hnn (float32, ms a step, median of 3 rounds)");
  expect(lines[3]).toMatch(
    /wasm-fast +1 +4\.000 +3\.000\.\.8\.000 +2\.00 +2\.00\.\.3\.00 +1\.00 +12 +1\.50 +yes +at most 1\.9 C: NOT met$/,
  );
});
