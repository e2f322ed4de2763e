import { expect, test } from "vitest";
import { compile, evaluate } from "../compile.ts";
import type { HostTensor } from "../pytree.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { emit } from "../trace/builder.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { mapSlices } from "./control-flow.ts";
import {
  bernoulli,
  categorical,
  exponential,
  foldIn,
  normal,
  permutation,
  randomBits,
  randomKey,
  uniform,
} from "./random.ts";

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

/** Sum of (found - expected)^2 / expected over the counts of 0, 1, …. */
function chiSquared(draws: readonly number[], probabilities: readonly number[]): number {
  const counts = probabilities.map((_, i) => draws.filter((draw) => draw === i).length);
  return probabilities.reduce((total, p, i) => {
    const expected = p * draws.length;
    return total + ((counts[i] as number) - expected) ** 2 / expected;
  }, 0);
}

test.each(["float32", "float64"] as const)("categories of %s are drawn as often as their weights say", (dtype) => {
  const probabilities = [0.4, 0.3, 0.2, 0.08, 0.02];
  const logWeights = array(
    probabilities.map((p) => Math.log(p) + 700 * Number(dtype === "float64")),
    [5],
    dtype,
  );
  const draws = values(() => categorical(randomKey(11), logWeights, [20000]));
  // The 99.9 % quantile for 4 degrees of freedom.
  expect(chiSquared(draws, probabilities)).toBeLessThan(18.47);
});

test("categories row by row, and those of no weight never", () => {
  const rows = array([
    [Number.NEGATIVE_INFINITY, 0, 0],
    [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ]);
  const draws = evaluate(() => categorical(randomKey(2), rows, [3000])) as HostTensor;
  expect(draws.shape).toEqual([3000, 2]);
  const first = Array.from(draws.data).filter((_, i) => i % 2 === 0);
  expect(new Set(first)).toEqual(new Set([1, 2]));
  expect(new Set(Array.from(draws.data).filter((_, i) => i % 2 === 1))).toEqual(new Set([0]));
});

test("truth values with their probability, each its own", () => {
  const draws = values(() => bernoulli(randomKey(5), array([0, 0.3, 1]), [20000, 3]));
  const share = (column: number): number => draws.filter((x, i) => i % 3 === column && x === 1).length / 20000;
  expect([share(0), share(2)]).toEqual([0, 1]);
  expect(Math.abs(share(1) - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / 20000));
});

test("exponential numbers fall into bins of equal probability alike", () => {
  const x = values(() => exponential(randomKey(8), [20000]));
  expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
  const bins = x.map((value) => Math.min(9, Math.floor(10 * (1 - Math.exp(-value)))));
  // The 99.9 % quantile for 9 degrees of freedom.
  expect(chiSquared(bins, new Array<number>(10).fill(0.1))).toBeLessThan(27.88);
});

test("all 24 permutations of four are as likely, and the compiled target draws the same", () => {
  const keys = Array.from({ length: 6000 }, (_, i) => i);
  const f = (): Tensor[] => keys.slice(0, 3).map((i) => permutation(foldIn(randomKey(4), i), 4));
  const compiled = compile(f as never, [], wasm()).callSync() as unknown as HostTensor[];
  expect(compiled).toEqual(evaluate(f));
  const many = compile(
    (steps: Tensor) => mapSlices((step: Tensor) => permutation(foldIn(randomKey(4), step), 4), steps),
    [array(Uint32Array.from(keys))],
    wasm(),
  ).callSync(array(Uint32Array.from(keys))) as HostTensor;
  const names = new Map<string, number>();
  const draws = keys.map((i) => {
    const name = many.data.slice(4 * i, 4 * i + 4).join("");
    names.set(name, names.get(name) ?? names.size);
    return names.get(name) as number;
  });
  expect(names.size).toBe(24);
  // The 99.9 % quantile for 23 degrees of freedom.
  expect(chiSquared(draws, new Array<number>(24).fill(1 / 24))).toBeLessThan(49.73);
});

test("long permutations have each number once, wherever it was", () => {
  const order = values(() => permutation(randomKey(6), 5000));
  expect(new Set(order).size).toBe(5000);
  const tenths = order.slice(0, 500).map((value) => Math.floor(value / 500));
  expect(chiSquared(tenths, new Array<number>(10).fill(0.1))).toBeLessThan(27.88);
  expect(values(() => permutation(randomKey(6), 0))).toEqual([]);
});

test("what cannot be drawn from", () => {
  expect(() => evaluate(() => categorical(randomKey(1), array([1, 2], [2], "int32")))).toThrow(
    "Cannot draw from categories: expected floats with at least one axis, got int32[2]",
  );
  expect(() => evaluate(() => permutation(randomKey(1), 2.5))).toThrow(
    "Cannot make a permutation: expected a natural number of elements, got 2.5",
  );
});
