import { expect, test } from "vitest";
import { hnn } from "./hnn.ts";
import { normal, startWeights, uniform } from "./random.ts";
import { vinSv } from "./vin-sv.ts";

test("start weights follow stream 0", () => {
  expect(startWeights().take(1, 1)[0]).toBeCloseTo(-0.9999999997671694, 15);
  const weights = startWeights().take(200, 600);
  expect(weights[599]).toBeCloseTo(-0.02737929020777433, 15);
});

test("streams differ and stay inside (0, 1)", () => {
  const numbers = Array.from({ length: 2000 }, (_, i) => uniform(i % 4, i));
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(Math.min(...numbers)).toBeGreaterThan(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
});

test("normal numbers have mean 0 and variance 1", () => {
  const numbers = Array.from({ length: 20000 }, (_, i) => normal(2, i));
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
});

test("data match the spot values of the definitions", () => {
  const start = vinSv.problem("float64").parameters.start?.data as Float64Array;
  expect(start[0]).toBeCloseTo(-0.48763262102269905, 14);
  expect(start[1]).toBeCloseTo(-0.3432858004066925, 14);
  expect(hnn.problem("float32").parameters.W2?.data).toBeInstanceOf(Float32Array);
});
