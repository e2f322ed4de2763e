/**
 * Programs with common factors taken out, against the programs that they come from, by the reference evaluator.
 */
import { describe, expect, test } from "vitest";
import { broadcastTo } from "../ops/broadcasting.ts";
import { matmul } from "../ops/contraction.ts";
import { add, div, mul, neg, tanh } from "../ops/elementwise.ts";
import { slice } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import { check } from "../program/check.ts";
import type { Program } from "../program/program.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad } from "../transform/differentiate.ts";
import { collectFactors } from "./collect-factors.ts";
import { simplify } from "./simplify.ts";
import { expectClose } from "./testing/close.ts";
import { drawsFrom, randomProgram } from "./testing/random-program.ts";

const seeds = Array.from({ length: 150 }, (_, i) => i + 1);

function count({ equations }: Program, primitive: string): number {
  return equations.filter((equation) => equation.primitive === primitive).length;
}

const waves = (shape: readonly number[], rate: number) =>
  array(
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(rate * (i + 1))),
    shape,
  );

function expectEqual(program: Program, inputs: Parameters<typeof evaluateProgram>[1]): Program {
  const expected = evaluateProgram(program, inputs);
  const collected = collectFactors(simplify(program));
  check(collected);
  evaluateProgram(collected, inputs).forEach(({ data }, i) => {
    expectClose(data, (expected[i] as (typeof expected)[number]).data);
  });
  return collected;
}

describe("common factors", () => {
  test.each(seeds)("seed %i equals the reference", (seed) => {
    const { program, inputs } = randomProgram(seed);
    expectEqual(program, inputs);
  });

  test.each(seeds)("seed %i, sums of linear steps of sums", (seed) => {
    const inputs = [0.3, 0.7, 1.1, 1.9].map((rate) => waves([3, 3], rate));
    const draw = drawsFrom(seed);
    const sums = (...start: readonly Tensor[]): Tensor[] => {
      const pool = [...start];
      const any = (): Tensor => pool[Math.floor(draw() * pool.length)] as Tensor;
      const factors = [any(), any()] as const;
      const factor = (): Tensor => factors[draw() < 0.5 ? 0 : 1];
      const linear: readonly ((x: Tensor) => Tensor)[] = [
        (x) => mul(0.5, mul(x, factor())),
        (x) => mul(0.3, matmul(x, factor())),
        (x) => mul(0.3, matmul(factor(), x)),
        (x) => div(x, add(2, mul(factor(), factor()))),
        (x) => neg(x),
        (x) => broadcastTo(mul(0.3, sum(x, 0)), [3, 3]),
        (x) => broadcastTo(slice(x, 0, 1, 2), [3, 3]),
        (x) => add(x, any()),
        (x) => add(x, any()),
        (x) => add(x, any()),
      ];
      for (let i = 0; i < 24; i++)
        pool.push((linear[Math.floor(draw() * linear.length)] as (x: Tensor) => Tensor)(any()));
      return [pool.slice(4).reduce((a, b) => add(a, b)), any()];
    };
    const { program } = trace(sums as never, inputs);
    const before = simplify(program);
    const collected = expectEqual(program, inputs);
    for (const primitive of ["mul", "dot", "div", "neg"]) {
      expect(count(collected, primitive)).toBeLessThanOrEqual(count(before, primitive));
    }
  });

  test("the cotangents of what was computed twice meet before they are handed on", () => {
    const [a, b, x] = [waves([6, 7], 0.4), waves([7, 8], 0.9), waves([9, 6], 0.6)];
    const shift = waves([7], 0.8);
    const loss = (twice: boolean) => (weights: readonly [Tensor, Tensor, Tensor], at: Tensor) => {
      const net = (): Tensor => matmul(tanh(add(matmul(at, weights[0]), weights[2])), weights[1]);
      const first = net();
      return sum(tanh(add(mul(first, 0.5), mul(twice ? net() : first, tanh(first)))));
    };
    const dots = [false, true].map((twice) => {
      const { program } = trace(grad(loss(twice)) as never, [[a, b, shift], x]);
      return count(expectEqual(program, [a, b, shift, x]), "dot");
    });
    expect(dots[1]).toBe(dots[0]);
  });

  test("the derivative of a cube is one product with its cotangent", () => {
    const [z, w] = [waves([5], 0.7), waves([5], 0.4)];
    const loss = (x: Tensor, weights: Tensor): Tensor => sum(tanh(mul(weights, mul(x, x, x))));
    const { program } = trace(grad(loss) as never, [z, w]);
    const [before, after] = [simplify(program), expectEqual(program, [z, w])];
    expect(count(after, "add")).toBe(count(before, "add") - 2);
    expect(count(after, "mul")).toBe(count(before, "mul") - 1);
  });

  test.each(seeds.slice(0, 50))("seed %i, sums of products of three", (seed) => {
    const inputs = [0.3, 0.7, 1.1].map((rate) => waves([4], rate));
    const draw = drawsFrom(seed);
    const sums = (...start: readonly Tensor[]): Tensor[] => {
      const any = (): Tensor => start[Math.floor(draw() * 3)] as Tensor;
      const product = (): Tensor => (draw() < 0.5 ? mul(any(), mul(any(), any())) : mul(mul(any(), any()), any()));
      const first = product();
      const terms = Array.from({ length: 5 }, () => (draw() < 0.3 ? first : product()));
      return [terms.reduce((a, b) => add(a, b)), draw() < 0.5 ? first : any()];
    };
    const { program } = trace(sums as never, inputs);
    expectEqual(program, inputs);
  });
});
