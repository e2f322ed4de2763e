/**
 * Order along an axis on the reference and the compiled target: ties, NaN, infinities, extremes, long axes, every length
 * up to a few merges.
 */
import { describe, expect, test } from "vitest";
import { compile, evaluate } from "../compile.ts";
import type { HostArray } from "../dtype.ts";
import { mul } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import type { HostTensor } from "../pytree.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { numbers } from "../testing/primitive-cases.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { grad } from "../transform/differentiate.ts";
import { argMax, argMin, searchSorted } from "./searching.ts";
import { argsort, type SortOptions, sort, takeAlong, topK } from "./sorting.ts";

/** Stable positions by counting: an element comes after those smaller, and after equal ones before it. */
function counted(row: HostArray, descending: boolean): number[] {
  const places = new Array<number>(row.length);
  row.forEach((x, i) => {
    let rank = 0;
    row.forEach((y, k) => {
      const isFirst = Number.isNaN(x) ? !Number.isNaN(y) : descending ? y > x : y < x;
      const isTie = x === y || (Number.isNaN(x) && Number.isNaN(y));
      if (isFirst || (isTie && k < i)) rank++;
    });
    places[rank] = i;
  });
  return places;
}

const run = (x: HostTensor, options: SortOptions = {}): HostTensor =>
  compile((y: Tensor) => argsort(y, options), [x], wasm()).callSync(x) as HostTensor;

const special = [
  3,
  Number.NaN,
  -0,
  0,
  Number.POSITIVE_INFINITY,
  -0,
  Number.NaN,
  1e-310,
  Number.NEGATIVE_INFINITY,
  0,
  3,
];

describe.each([false, true])("descending %s", (descending) => {
  test.each(["float64", "float32"] as const)("special values of %s", (dtype) => {
    const x = array([...special, ...special, ...special].slice(0, 29), [29], dtype);
    const expected = counted(x.data, descending);
    expect(Array.from(run(x, { descending }).data)).toEqual(expected);
    expect(Array.from((evaluate((y: Tensor) => argsort(y, { descending }), x) as HostTensor).data)).toEqual(expected);
  });

  test("extremes of integers", () => {
    const signed = array([2 ** 31 - 1, -(2 ** 31), 0, -1, 2 ** 31 - 1, -(2 ** 31), 7, 1, 0, 5], [10], "int32");
    const unsigned = array([2 ** 32 - 1, 0, 2 ** 31, 1, 2 ** 32 - 1, 0, 7, 2 ** 31 - 1, 9, 3, 4], [11], "uint32");
    for (const x of [signed, unsigned])
      expect(Array.from(run(x, { descending }).data)).toEqual(counted(x.data, descending));
  });

  test("every length to 70, with ties", () => {
    for (let length = 0; length <= 70; length++) {
      const x = array(Float64Array.from(numbers([2 * length], 0, 9).data, Math.floor), [2, length], "float64");
      const found = Array.from(run(x, { descending }).data);
      const expected = [0, 1].flatMap((row) => counted(x.data.slice(row * length, (row + 1) * length), descending));
      expect(found, `length ${length}`).toEqual(expected);
    }
  });

  test.each([
    ["distinct", (i: number) => (i * 0.6180339887498949) % 1],
    ["few values", (i: number) => Math.floor(((i * 0.6180339887498949) % 1) * 17)],
    ["in order", (i: number) => i],
    ["in reverse", (i: number) => -i],
  ])("10,000 elements: %s", (_, of) => {
    const x = array(Float64Array.from({ length: 10_000 }, (__, i) => of(i)));
    const positions = Array.from(run(x, { descending }).data);
    const expected = Array.from({ length: 10_000 }, (__, i) => i).sort(
      (a, b) => (descending ? -1 : 1) * ((x.data[a] as number) - (x.data[b] as number)),
    );
    expect(positions).toEqual(expected);
  });
});

test("any axis, values moved along, gradient to where they came from", () => {
  const x = array([
    [3, 1],
    [2, 5],
    [9, 4],
  ]);
  const sorted = (y: Tensor): Tensor => sort(y, { axis: 0 });
  expect((evaluate(sorted, x) as HostTensor).data).toEqual(Float64Array.of(2, 1, 3, 4, 9, 5));
  const weights = array([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const f = (y: Tensor): Tensor => sum(mul(sorted(y), weights));
  expect((evaluate(grad(f), x) as HostTensor).data).toEqual(Float64Array.of(3, 2, 1, 6, 5, 4));
  expect((compile(grad(f), [x], wasm()).callSync(x) as HostTensor).data).toEqual(Float64Array.of(3, 2, 1, 6, 5, 4));
});

test("the largest few", () => {
  const x = array([
    [1, Number.NaN, 7, 7],
    [Number.NaN, Number.NaN, 2, Number.NaN],
  ]);
  const found = compile((y: Tensor) => topK(y, 3), [x], wasm()).callSync(x) as {
    values: HostTensor;
    indices: HostTensor;
  };
  expect(found.values.data).toEqual(Float64Array.of(7, 7, 1, 2, Number.NaN, Number.NaN));
  expect(found.indices.data).toEqual(Int32Array.of(2, 3, 0, 2, 0, 1));
});

test("positions of extremes", () => {
  const x = array([
    [Number.NaN, Number.NEGATIVE_INFINITY, 4, 4],
    [Number.NaN, Number.NaN, Number.NaN, Number.NaN],
  ]);
  const f = (y: Tensor): readonly Tensor[] => [argMax(y), argMin(y), argMax(y, 0)];
  const expected = [Int32Array.of(2, 0), Int32Array.of(1, 0), Int32Array.of(0, 0, 0, 0)];
  expect((evaluate(f, x) as unknown as HostTensor[]).map(({ data }) => data)).toEqual(expected);
  expect((compile(f, [x], wasm()).callSync(x) as unknown as HostTensor[]).map(({ data }) => data)).toEqual(expected);
});

test("places in a sorted list", () => {
  const list = array([-1, 0, 0, 2, 5, 5, 5, Number.NaN, Number.NaN]);
  const values = array([-2, -1, 0, 1, 5, 6, Number.POSITIVE_INFINITY, Number.NaN]);
  for (const [side, expected] of [
    ["left", [0, 0, 1, 3, 4, 7, 7, 7]],
    ["right", [0, 1, 3, 3, 7, 7, 7, 9]],
  ] as const) {
    const f = (a: Tensor, b: Tensor): Tensor => searchSorted(a, b, { side });
    expect(Array.from((evaluate(f, list, values) as HostTensor).data)).toEqual(expected);
    expect(Array.from((compile(f, [list, values], wasm()).callSync(list, values) as HostTensor).data)).toEqual(
      expected,
    );
  }
});

test("messages", () => {
  const failure = (f: (x: Tensor) => unknown, x: HostTensor): string => {
    try {
      evaluate(f as never, x);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(failure((x) => topK(x, 4), array([1, 2, 3]))).toMatch("Cannot topK: expected a count from 0 to 3, got 4");
  expect(failure((x) => argsort(x), array([1, 0], [2], "bool"))).toMatch(
    "Cannot apply argsort: expected a numeric type",
  );
  expect(failure((x) => argMax(x), array([], [0]))).toMatch(
    "Cannot argMax: expected at least one element along axis 0",
  );
  expect(failure((x) => searchSorted(x, 1), array([[1]]))).toMatch("Cannot searchSorted: expected a list of one axis");
  expect(failure((x) => takeAlong(x, array([0], [1], "int32")), array([[1]]))).toMatch(
    "Cannot takeAlong: expected indices of the shape of float64[1, 1] but along axis 1, got int32[1]",
  );
});
