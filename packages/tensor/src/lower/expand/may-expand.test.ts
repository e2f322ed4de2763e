import { expect, it } from "vitest";
import { scan } from "../../library/control-flow.ts";
import { sin } from "../../library/trigonometric.ts";
import type { Tensor } from "../../trace/tensor.ts";
import { trace } from "../../trace/trace.ts";
import { mayExpand } from "./may-expand.ts";

const repeated = (x: Tensor, count: number): Tensor => Array.from({ length: count }).reduce<Tensor>((y) => sin(y), x);
const isAllowed = (shape: readonly number[], f: (x: Tensor) => Tensor): boolean =>
  mayExpand(trace(f as never, [{ dtype: "float32", shape }]).program);

it("counts the parts of results", () => {
  expect(isAllowed([100], (x) => repeated(x, 30_000))).toBe(true);
  expect(isAllowed([2, 100], (x) => repeated(x, 15_000))).toBe(true);
  expect(isAllowed([3, 100], (x) => repeated(x, 15_000))).toBe(false);
});

it("counts those of loops", () => {
  const loop = (x: Tensor, count: number): Tensor =>
    scan((y: Tensor) => [repeated(y, count), {}], x, {}, { bound: 9 })[0];
  expect(isAllowed([5, 9], (x) => loop(x, 7_000))).toBe(true);
  expect(isAllowed([5, 9], (x) => loop(x, 9_000))).toBe(false);
});
