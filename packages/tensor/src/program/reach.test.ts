/**
 * Marks through loops: along chains of carries, into loops inside, and not further than they go.
 */
import { expect, test } from "vitest";
import { scan, whileLoop } from "../library/control-flow.ts";
import { sin } from "../library/trigonometric.ts";
import { add, floor, mul } from "../ops/elementwise.ts";
import { full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import type { Equation, Program } from "./program.ts";
import { reachThroughLoop, type Spreading } from "./reach.ts";

const scalar = { dtype: "float64", shape: [] } as const;

/** All equations but `floor` pass marks on; loops tell by their bodies. */
function spreading(visits: Equation[] = []): Spreading {
  return {
    passes: (equation) => {
      visits.push(equation);
      if (equation.primitive === "scan" || equation.primitive === "while") return undefined;
      return equation.primitive !== "floor";
    },
    fillsWhile: () => false,
    known: new WeakMap(),
  };
}

/** The body of the only loop of a function of `count` numbers. */
function bodyOf(count: number, f: (inputs: Tensor[]) => unknown): Program {
  const { program } = trace(f as never, [Array.from({ length: count }, () => scalar)]);
  const loop = program.equations.find(({ primitive }) => primitive === "scan") as Equation<"scan">;
  return loop.parameters.body;
}

test("a mark runs down a chain of carries, each variable asked once", () => {
  const count = 300;
  const body = bodyOf(
    count,
    (start) =>
      scan((carry: Tensor[]) => [carry.map((x, i) => add(sin(x), carry[i - 1] ?? 0)), {}], start, {}, { bound: 9 })[0],
  );
  const visits: Equation[] = [];
  const marked = Array.from({ length: count }, (_, i) => i === 7);
  const { carried, outputs } = reachThroughLoop(body, 0, count, marked, spreading(visits));
  expect(carried).toEqual(Array.from({ length: count }, (_, i) => i >= 7));
  expect(outputs).toEqual(carried);
  expect(visits.length).toBeLessThanOrEqual(3 * count);
});

test("a carry that is marked stays so, and what does not pass ends there", () => {
  const body = bodyOf(
    3,
    (start) =>
      scan(
        ([x, y, z]: Tensor[]) => [[full([], 1), floor(x as Tensor), add(y as Tensor, z as Tensor)], {}],
        start,
        {},
        { bound: 2 },
      )[0],
  );
  expect(reachThroughLoop(body, 0, 3, [true, false, false], spreading())).toEqual({
    carried: [true, false, false],
    outputs: [false, false, false],
  });
  expect(reachThroughLoop(body, 0, 3, [false, true, false], spreading()).carried).toEqual([false, true, true]);
});

test("loops inside tell result by result", () => {
  const body = bodyOf(4, (start) => {
    const step = ([a, b, c, d]: Tensor[]): [Tensor[], object] => {
      const [[inner, other]] = scan(
        ([x, y]: Tensor[]) => [[mul(x as Tensor, 2), sin(y as Tensor)], {}],
        [a as Tensor, b as Tensor],
        {},
        { bound: 3 },
      ) as unknown as [Tensor[]];
      const [counted, kept] = whileLoop(
        () => full([], 0, "bool"),
        ([x, y]: readonly Tensor[]) => [add(x as Tensor, 1), sin(y as Tensor)],
        [c as Tensor, inner as Tensor],
      );
      return [[inner as Tensor, other as Tensor, counted as Tensor, add(kept as Tensor, d as Tensor)], {}];
    };
    return scan(step, start, {}, { bound: 5 })[0];
  });
  const carriedFrom = (i: number): readonly boolean[] =>
    reachThroughLoop(
      body,
      0,
      4,
      [0, 1, 2, 3].map((k) => k === i),
      spreading(),
    ).carried;
  expect(carriedFrom(0)).toEqual([true, false, false, true]);
  expect(carriedFrom(1)).toEqual([false, true, false, false]);
  expect(carriedFrom(2)).toEqual([false, false, true, false]);
});
