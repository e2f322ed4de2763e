import { expect, test } from "vitest";
import { evaluate } from "../compile.ts";
import { sum } from "../ops/reduction.ts";
import type { HostTensor } from "../pytree.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { grad } from "../transform/differentiate.ts";
import { acos, acosh, asin, asinh, atan, atanh, cosh, sinh, tan } from "./trigonometric.ts";

type Unary = (x: Tensor) => Tensor;
const values = (f: Unary, x: readonly number[]): number[] =>
  Array.from((evaluate(f as never, array([...x]) as never) as HostTensor).data);
const slope = (f: Unary): Unary => grad(((x: Tensor) => sum(f(x))) as never) as unknown as Unary;

const all = [-1e200, -30, -19.9, -2.5, -0.3, -1e-9, 1e-9, 0.7, 3, 20.1, 700, 1e200];
const inner = [-0.999999, -0.6, -1e-9, 1e-9, 0.3, 0.95];
const beyond = [1.0000001, 1.5, 40, 1e9, 1e200];
const angles = [-1.5, -0.4, 1e-9, 0.9, 2.2];

const cases: readonly (readonly [string, Unary, (x: number) => number, (x: number) => number, readonly number[]])[] = [
  ["tan", tan, Math.tan, (x) => 1 / Math.cos(x) ** 2, angles],
  ["atan", atan, Math.atan, (x) => (Math.abs(x) > 1e100 ? 1 / x / x : 1 / (1 + x * x)), all],
  ["asin", asin, Math.asin, (x) => 1 / Math.sqrt((1 - x) * (1 + x)), inner],
  ["acos", acos, Math.acos, (x) => -1 / Math.sqrt((1 - x) * (1 + x)), inner],
  ["sinh", sinh, Math.sinh, Math.cosh, all],
  ["cosh", cosh, Math.cosh, Math.sinh, all],
  ["asinh", asinh, Math.asinh, (x) => 1 / Math.hypot(1, x), all],
  ["acosh", acosh, Math.acosh, (x) => 1 / Math.sqrt(x - 1) / Math.sqrt(x + 1), beyond],
  ["atanh", atanh, Math.atanh, (x) => 1 / ((1 - x) * (1 + x)), inner],
];

test.each(cases)("%s and its slope", (_, f, truth, derivative, points) => {
  for (const [own, right] of [[f, truth] as const, [slope(f), derivative] as const]) {
    const found = values(own, points);
    points.forEach((x, i) => {
      const expected = right(x);
      if (Number.isFinite(expected)) {
        expect(Math.abs((found[i] as number) - expected), `${x}`).toBeLessThanOrEqual(2e-15 * Math.abs(expected));
      } else expect(found[i]).toBe(expected);
    });
  }
});
