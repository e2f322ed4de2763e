import { expect, test } from "vitest";
import { evaluate } from "../compile.ts";
import type { HostTensor } from "../pytree.ts";
import { emit } from "../trace/builder.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { foldIn, normal, randomBits, randomKey, uniform } from "./random.ts";

const word = (value: number): HostTensor => array(Uint32Array.of(value));
const ones = 0xffffffff;

// Known answers of the authors' library Random123, file kat_vectors, threefry2x32 with 20 rounds.
test.each([
  [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
  [ones, ones, ones, ones, 0x1cb996fc, 0xbb002be7],
  [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
])("threefry gives the published words for key %i %i", (key0, key1, counter0, counter1, ...expected) => {
  const inputs = [key0, key1, counter0, counter1].map(word);
  const words = evaluate((...x: Tensor[]) => emit("threefry", {}, x), ...inputs) as HostTensor[];
  expect(words.map(({ data }) => data[0])).toEqual(expected);
});

const values = (f: () => Tensor): number[] => Array.from((evaluate(f) as HostTensor).data);

test("the numbers of a key do not depend on what else is drawn, and keys fold apart", () => {
  const bits = values(() => randomBits(randomKey(7), [5]));
  expect(values(() => randomBits(randomKey(7), [9])).slice(0, 5)).toEqual(bits);
  const folded = [0, 1, 2].map((n) => values(() => randomBits(foldIn(randomKey(7), n), [2])).join());
  expect(new Set([...folded, bits.slice(0, 2).join()]).size).toBe(4);
});

test.each(["float32", "float64"] as const)("uniform %s lies in [low, high) with the right moments", (dtype) => {
  const x = values(() => uniform(randomKey(1), [20000], dtype, -1, 3));
  const mean = x.reduce((a, b) => a + b) / x.length;
  const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
  expect(Math.min(...x)).toBeGreaterThanOrEqual(-1);
  expect(Math.max(...x)).toBeLessThan(3);
  expect(Math.abs(mean - 1)).toBeLessThan((4 * (4 / Math.sqrt(12))) / Math.sqrt(x.length));
  expect(Math.abs(variance - 16 / 12)).toBeLessThan(0.04);
});

test("normal numbers have the moments of the standard normal distribution", () => {
  const x = values(() => normal(randomKey(3), [20000]));
  const moment = (n: number): number => x.reduce((a, b) => a + b ** n, 0) / x.length;
  expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(x.length));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / x.length));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / x.length));
});

test("a seed must be a non-negative integer", () => {
  expect(() => evaluate(() => randomKey(-1))).toThrow(
    "Cannot make a random key: expected an integer from 0 to 2^53 - 1, got -1\nPass a non-negative integer seed.",
  );
});
