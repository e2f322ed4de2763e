/**
 * Sums of products of rows and columns, in blocks on vectors of several widths, against the reference evaluator.
 */
import { describe, expect, test } from "vitest";
import type { DType } from "../dtype.ts";
import { broadcastTo } from "../ops/broadcasting.ts";
import { add, mul, neg, sub, tanh } from "../ops/elementwise.ts";
import { reshape } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import type { Program } from "../program/program.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { fuse } from "./fuse.ts";
import type { OuterSum } from "./outer-sum.ts";
import { outerSumOf } from "./outer-sum.ts";
import { expectClose } from "./testing/close.ts";
import { narrowTraits, runLowered, wideTraits } from "./testing/run-lowered.ts";

const waves = (shape: readonly number[], rate: number, dtype: DType = "float32") =>
  array(
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(rate * (i + 1))),
    shape,
    dtype,
  );

/** a[i] b[j] for every sample. */
const outer = (a: Tensor, b: Tensor): Tensor => {
  const [rows, samples] = a.shape as readonly [number, number];
  const shape = [rows, b.shape[0] as number, samples];
  const spread = (x: Tensor, at: readonly number[]): Tensor => broadcastTo(reshape(x, at), shape);
  return mul(spread(a, [rows, 1, samples]), spread(b, [1, b.shape[0] as number, samples]));
};

/** Products of both kinds of factors with either sign, added to what is there by some lanes. */
const gradient =
  (lanes: number) =>
  (start: Tensor, a: Tensor, b: Tensor, c: Tensor, d: Tensor): Tensor => {
    const total = sub(add(add(outer(a, b), outer(c, d)), outer(a, d)), add(outer(c, b), neg(outer(a, b))));
    const [rows, columns, samples] = total.shape as readonly [number, number, number];
    return add(start, lanes === samples ? total : sum(reshape(total, [rows, columns, samples / lanes, lanes]), 2));
  };

/** The sums that the nests of a program are. */
function sumsIn(program: Program, traits: typeof wideTraits): readonly OuterSum[] {
  return fuse(program).nests.flatMap((nests) => nests.flatMap((nest) => outerSumOf(nest, traits) ?? []));
}

const inputsOf = (rows: number, columns: number, samples: number, lanes: number, dtype: DType) => [
  waves([rows, columns, lanes], 0.17, dtype),
  waves([rows, samples], 0.3, dtype),
  waves([columns, samples], 0.7, dtype),
  waves([rows, samples], 1.1, dtype),
  waves([columns, samples], 1.9, dtype),
];

describe.each([
  ["float32", 1e-5],
  ["float64", 1e-12],
] as const)("in %s", (dtype, tolerance) => {
  describe.each([
    [32, 16],
    [16, 16],
    [32, 8],
    [24, 24],
    [6, 6],
  ])("%i samples in %i lanes", (samples, lanes) => {
    test.each([
      [10, 10],
      [7, 3],
      [2, 16],
      [11, 5],
      [1, 6],
    ])("%i rows and %i columns", (rows, columns) => {
      const inputs = inputsOf(rows, columns, samples, lanes, dtype);
      const { program } = trace(gradient(lanes) as never, inputs);
      const [expected] = evaluateProgram(program, inputs);
      for (const traits of [narrowTraits, { vectorBytes: 32, registers: 16 }, wideTraits]) {
        const { outputs } = runLowered(program, inputs, traits, { schedule: { tile: 0, shortAxes: false } });
        expectClose(outputs[0] as ArrayLike<number>, expected?.data ?? [], tolerance);
      }
    });
  });
});

test("ten rows and columns are four blocks of 25 sums where there are 32 registers, and none where there are 16", () => {
  const { program } = trace(gradient(16) as never, inputsOf(10, 10, 32, 16, "float32"));
  const [wide] = sumsIn(program, wideTraits);
  expect(wide?.terms.map(({ isNegative }) => isNegative)).toEqual([false, false, false, true, false]);
  expect(wide?.lanes).toEqual({ axis: 2, width: 16, extent: 16, folded: 2 });
  expect([wide?.rows.parts, wide?.columns.parts]).toEqual([
    [{ from: 0, count: 2, size: 5 }],
    [{ from: 0, count: 2, size: 5 }],
  ]);
  expect(sumsIn(program, narrowTraits)).toEqual([]);
});

test("anything else is left to plain loops: one product, a function of products, factors that move along both axes", () => {
  const inputs = inputsOf(4, 5, 16, 16, "float32");
  const others: readonly ((start: Tensor, a: Tensor, b: Tensor, c: Tensor, d: Tensor) => Tensor)[] = [
    (start, a, b) => add(start, outer(a, b)),
    (start, a, b, c, d) => tanh(add(add(start, outer(a, b)), add(outer(c, d), outer(a, d)))),
    (start, a, b, c, d) => add(add(mul(start, outer(a, b)), outer(c, b)), add(outer(c, d), outer(a, d))),
  ];
  for (const other of others) {
    const { program } = trace(other as never, inputs);
    expect(sumsIn(program, wideTraits)).toEqual([]);
  }
});
