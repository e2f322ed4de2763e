/**
 * Cumulative operations against plain loops; special values; error of long sums; derivatives at zeros and ties.
 */
import { expect, test } from "vitest";
import { compile, evaluate } from "../compile.ts";
import { mul, tanh } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import type { HostTensor } from "../pytree.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { numbers } from "../testing/primitive-cases.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { grad, jvp } from "../transform/differentiate.ts";
import {
  type CumulativeOptions,
  cumulativeLogSumExp,
  cumulativeMax,
  cumulativeMin,
  cumulativeProduct,
  cumulativeSum,
} from "./cumulative.ts";

type Cumulative = (x: Tensor, options?: CumulativeOptions) => Tensor;
const cases: readonly (readonly [string, Cumulative, (a: number, b: number) => number])[] = [
  ["sum", cumulativeSum, (a, b) => a + b],
  ["product", cumulativeProduct, (a, b) => a * b],
  ["max", cumulativeMax, Math.max],
  ["min", cumulativeMin, Math.min],
  ["logSumExp", cumulativeLogSumExp, (a, b) => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)))],
];

test.each(cases)("%s along any axis, from either end", (_, operation, join) => {
  const x = numbers([3, 41, 2], -2, 2);
  for (const reverse of [false, true]) {
    const f = (y: Tensor): Tensor => operation(y, { axis: 1, reverse });
    for (const found of [evaluate(f, x), compile(f, [x], wasm()).callSync(x)] as HostTensor[]) {
      for (let lane = 0; lane < 6; lane++) {
        let so = Number.NaN;
        for (let k = 0; k < 41; k++) {
          const at = Math.floor(lane / 2) * 82 + (reverse ? 40 - k : k) * 2 + (lane % 2);
          so = k === 0 ? (x.data[at] as number) : join(so, x.data[at] as number);
          expect(found.data[at]).toBeCloseTo(so, 11);
        }
      }
    }
  }
});

const values = (f: (x: Tensor) => Tensor, x: HostTensor): number[] => {
  const found = Array.from((compile(f, [x], wasm()).callSync(x) as HostTensor).data);
  expect(found).toEqual(Array.from((evaluate(f, x) as HostTensor).data));
  return found;
};

test("special values, integers and nothing", () => {
  const inf = Number.POSITIVE_INFINITY;
  expect(values((x) => cumulativeMax(x), array([-inf, 2, 1, Number.NaN, 5]))).toEqual([
    -inf,
    2,
    2,
    Number.NaN,
    Number.NaN,
  ]);
  expect(values((x) => cumulativeSum(x), array([2 ** 31 - 1, 1, 1], [3], "int32"))).toEqual([
    2 ** 31 - 1,
    -(2 ** 31),
    1 - 2 ** 31,
  ]);
  expect(values((x) => cumulativeMin(x), array([7, 2 ** 32 - 1, 3], [3], "uint32"))).toEqual([7, 7, 3]);
  expect(values((x) => cumulativeLogSumExp(x), array([-inf, -inf, 3, inf, 1]))).toEqual([-inf, -inf, 3, inf, inf]);
  const large = values((x) => cumulativeLogSumExp(x), array([1000, 1000, -1000]));
  expect(large[1]).toBeCloseTo(1000 + Math.LN2, 12);
  expect(large[2]).toBeCloseTo(1000 + Math.LN2, 12);
  expect(values((x) => cumulativeSum(x), array([], [0]))).toEqual([]);
  expect(values((x) => cumulativeProduct(x), array([], [0]))).toEqual([]);
});

test("a long sum in float32 is off by less than the root of its length", () => {
  const n = 100_000;
  const x = array(Float32Array.from(numbers([n], 0, 1).data));
  const found = (compile((y: Tensor) => cumulativeSum(y), [x], wasm()).callSync(x) as HostTensor).data;
  let [exact, worst] = [0, 0];
  x.data.forEach((value, i) => {
    exact += value;
    worst = Math.max(worst, Math.abs((found[i] as number) - exact) / exact);
  });
  expect(worst * 2 ** 24).toBeLessThan(Math.sqrt(n) / 4);
});

test.each(cases)("the gradient of %s is right, at zeros and minus infinity too", (name, operation) => {
  const x = array(name === "logSumExp" ? [Number.NEGATIVE_INFINITY, 0.3, -0.2, 0.9] : [0.7, 0, -0.2, 0.9]);
  const weights = array([0, 0.5, -0.8, 1.1]);
  const f = (y: Tensor): Tensor => sum(mul(tanh(operation(y)), weights));
  const shift = (i: number, by: number): HostTensor =>
    array(Float64Array.from(x.data, (v, k) => v + (k === i ? by : 0)));
  const g = (evaluate(grad(f), x) as HostTensor).data;
  const h = 1e-5;
  x.data.forEach((_, i) => {
    const at = (by: number): number => (evaluate(f, shift(i, by)) as HostTensor).data[0] as number;
    const expected = Number.isFinite(x.data[i]) ? (at(h) - at(-h)) / (2 * h) : 0;
    expect(g[i], `element ${i}`).toBeCloseTo(expected, 8);
    // Hessian times a unit vector, forward over reverse against a difference of gradients.
    if (!Number.isFinite(x.data[i])) return;
    const unit = array(Float64Array.from(x.data, (__, k) => (k === i ? 1 : 0)));
    const [, row] = evaluate((y: Tensor) => jvp(grad(f), [y], [unit]), x) as unknown as [HostTensor, HostTensor];
    const [up, down] = [h, -h].map((by) => (evaluate(grad(f), shift(i, by)) as HostTensor).data);
    row.data.forEach((value, k) => {
      expect(value).toBeCloseTo(((up?.[k] as number) - (down?.[k] as number)) / (2 * h), 7);
    });
  });
});

test("ties share the derivative", () => {
  const f = (x: Tensor): Tensor => sum(cumulativeMax(x));
  expect((evaluate(grad(f), array([2, 2, 1])) as HostTensor).data).toEqual(Float64Array.of(2, 1, 0));
});

test("messages", () => {
  expect(() => evaluate((x: Tensor) => cumulativeSum(x), array([1], [1], "bool"))).toThrow(
    "Cannot apply cumulativeSum: expected a numeric type and an axis 0, got bool[1]",
  );
  expect(() => evaluate((x: Tensor) => cumulativeMax(x, { axis: 1 }), array([1]))).toThrow(
    "Cannot cumulativeMax: expected an axis within a tensor of 1 axes, got 1",
  );
});
