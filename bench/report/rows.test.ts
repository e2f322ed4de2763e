import { expect, test } from "vitest";
import type { Facts } from "../contender.ts";
import { median, rowOf } from "./rows.ts";
import { tableOf } from "./table.ts";

const facts: Facts = { loss: 2, gradientNorm: 3, bytes: 8, firstCallMs: 1, dtype: "float32", threads: 1 };
const known = { loss64: 2, gradientNorm64: 3, afterSteps: { steps: 20, loss64: 1 } };

test("the median of an even number of values is the mean of the middle two", () => {
  expect(median([4, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test("equal work means all three numbers agree, to the tolerance of the element type", () => {
  const row = (change: Partial<Facts>, lastLoss = 1) =>
    rowOf("hnn", { system: "c", facts: { ...facts, ...change }, rounds: [1], lastLoss }, known).equalWork;
  expect(row({ loss: 2 * (1 + 9e-6) })).toBe(true);
  expect(row({ loss: 2 * (1 + 2e-5) })).toBe(false);
  expect(row({ gradientNorm: 3 * (1 - 2e-5) })).toBe(false);
  expect(row({ loss: Number.NaN })).toBe(false);
  expect(row({ dtype: "float64", loss: 2 * (1 + 1e-9) })).toBe(false);
  expect(row({}, 1 + 9e-5)).toBe(true);
  expect(row({}, 1 + 2e-4)).toBe(false);
});

test("ratios are taken round by round, against the C of the same round", () => {
  const measurements = [
    { system: "c", facts, rounds: [1, 2, 4], lastLoss: 1 },
    { system: "wasm", facts, rounds: [3, 4, 8], lastLoss: 1 },
  ];
  const lines = tableOf(
    measurements.map((measurement) => rowOf("hnn", measurement, known)),
    measurements,
  );
  expect(lines[0]).toBe("hnn (float32, 1 thread, median of 3 rounds)");
  expect(lines[3]).toMatch(/wasm +4\.000 +3\.000 +8\.000 +2\.00 +2\.00\.\.3\.00 +1\.00 +8 +yes/);
});
