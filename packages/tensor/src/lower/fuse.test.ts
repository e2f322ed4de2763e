import { describe, expect, test } from "vitest";
import { matmul } from "../ops/contraction.ts";
import { add, div, mul, sub, tanh } from "../ops/elementwise.ts";
import { reshape, transpose } from "../ops/movement.ts";
import { mean, sum } from "../ops/reduction.ts";
import type { Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad } from "../transform/differentiate.ts";
import { fuse } from "./fuse.ts";
import { printSchedule } from "./schedule.ts";
import { simplify } from "./simplify.ts";

const f32 = (...shape: number[]) => ({ dtype: "float32" as const, shape });
const scheduleOf = (f: (...inputs: never[]) => unknown, ...specs: unknown[]): string[] =>
  printSchedule(fuse(simplify(trace(f, specs).program))).split("\n");

const network = (w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor, w3: Tensor, x: Tensor): Tensor =>
  matmul(tanh(add(matmul(tanh(add(matmul(x, w1), b1)), w2), b2)), w3);
const specs = [f32(2, 32), f32(32), f32(32, 32), f32(32), f32(32, 1), f32(50, 2)];

describe("fuse", () => {
  test("a tanh network forward is two loop nests and one product", () => {
    expect(scheduleOf(network, ...specs)).toEqual([
      "0: loops [50, 32]: mul mul add add tanh*",
      "1: dot float32[50, 32]",
      "2: loops [50, sum 32]: add tanh mul reduceSum*",
    ]);
  });

  test("its gradient shares loops by levels", () => {
    const loss = (...all: Tensor[]) => mean(network(...(all as Parameters<typeof network>)));
    const steps = scheduleOf((...all: Tensor[]) => grad((w: readonly Tensor[]) => loss(...w))(all), ...specs);
    expect(steps.filter((line) => line.includes("dot")).length).toBe(3);
    expect(steps.length).toBeLessThanOrEqual(12);
  });

  test("a softmax: one level for each reduction", () => {
    const softmax = (x: Tensor): Tensor => {
      const weights = mul(x, x);
      return div(weights, sum(weights, 1));
    };
    const f = (x: Tensor) => transpose(softmax(transpose(x)));
    expect(scheduleOf((x: Tensor) => f(x), f32(5, 5)).length).toBeLessThanOrEqual(4);
  });

  test("cheap values are computed again rather than stored, transcendentals are not", () => {
    const cheap = (x: Tensor) => sub(add(x, 1), sum(add(x, 1)));
    expect(scheduleOf(cheap, f32(40))).toEqual(["0: loops [sum 40]: add reduceSum*", "1: loops [40]: sub*"]);
    const dear = (x: Tensor) => sub(tanh(x), sum(tanh(x)));
    expect(scheduleOf(dear, f32(40))).toEqual(["0: loops [sum 40]: tanh* reduceSum*", "1: loops [40]: sub*"]);
  });

  test("sums of products of shorter tensors are made where a longer sum takes them up", () => {
    const outer = (a: Tensor, b: Tensor): Tensor => mul(reshape(a, [20, 1, 16]), reshape(b, [1, 20, 16]));
    const gradient = (a: Tensor, b: Tensor, c: Tensor, m: Tensor): Tensor => {
      const early = add(outer(a, b), outer(b, c));
      return add(early, outer(tanh(matmul(m, c)), a));
    };
    expect(scheduleOf(gradient, f32(20, 16), f32(20, 16), f32(20, 16), f32(20, 20))).toEqual([
      "0: loops [20, 20, 16]: mul mul add",
      "1: dot float32[20, 16]",
      "2: loops [20, 16]: tanh*",
      "3: loops [20, 20, 16]: mul add*",
    ]);
    const read = (a: Tensor, b: Tensor, c: Tensor, m: Tensor): Tensor => {
      const early = add(outer(a, b), outer(b, c));
      return mul(add(early, outer(tanh(matmul(m, c)), a)), sum(early));
    };
    expect(scheduleOf(read, f32(20, 16), f32(20, 16), f32(20, 16), f32(20, 20))[0]).toContain("mul mul add*");
  });
});
