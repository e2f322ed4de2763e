/**
 * Nests taken apart, and what must stay together: programs that are long enough for it, with results over their operands.
 */
import { expect, it } from "vitest";
import { compile } from "../compile.ts";
import { sin } from "../library/trigonometric.ts";
import { add, mul } from "../ops/elementwise.ts";
import type { Constant, Variable } from "../program/program.ts";
import { variable } from "../program/program.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { constantForm, coordinate } from "./affine.ts";
import type { Nest, Point, Source } from "./nest.ts";
import { splitNest } from "./split-nest.ts";

const type = { dtype: "float64", shape: [3] } as const;
const [a, b, c, d] = [1, 2, 3, 4].map(() => variable(type)) as [Variable, Variable, Variable, Variable];
const load = (source: Source): Point => ({ kind: "load", dtype: "float64", source, offset: coordinate(1, 0) });
const sine = (of: Point): Point => ({
  kind: "apply",
  dtype: "float64",
  primitive: "sin",
  parameters: {},
  inputs: [of],
});
const nestOf = (...results: readonly (readonly [Variable, readonly Point[]])[]): Nest => ({
  domain: [3],
  reduced: [false],
  points: [...new Set(results.flatMap(([, points]) => points))],
  stores: results.map(([target, points]) => ({
    target,
    point: points[points.length - 1] as Point,
    offset: constantForm(1, 0),
  })),
});
const memoryOf = (source: Source): Source => source;
const targetsOf = (nests: readonly Nest[]): Source[][] => nests.map(({ stores }) => stores.map(({ target }) => target));

it("separates results that share nothing, with the points they need", () => {
  const [first, second] = [load(a), load(b)];
  const [one, other] = [
    [first, sine(first)],
    [second, sine(second)],
  ];
  const parts = splitNest(nestOf([c, one], [d, other]), memoryOf);
  expect(targetsOf(parts)).toEqual([[c], [d]]);
  expect(parts.map(({ points }) => points)).toEqual([one, other]);
});

it("keeps together what shares a point, or reads the same tensor", () => {
  const from = load(a);
  expect(splitNest(nestOf([c, [from, sine(from)]], [d, [from]]), memoryOf)).toHaveLength(1);
  expect(splitNest(nestOf([c, [load(a)]], [d, [load(a)]]), memoryOf)).toHaveLength(1);
});

it("shares constants", () => {
  const constant: Constant = { kind: "constant", type, value: Float64Array.of(1, 2, 3) };
  expect(splitNest(nestOf([c, [load(constant)]], [d, [load(constant)]]), memoryOf)).toHaveLength(2);
});

it("keeps together what is written where something else is read", () => {
  const results = [
    [c, [load(a)]],
    [d, [load(b)]],
  ] as const;
  expect(splitNest(nestOf(...results), memoryOf)).toHaveLength(2);
  const over = (source: Source): Source => (source === c ? b : source);
  expect(splitNest(nestOf(...results), over)).toHaveLength(1);
});

it("gives long programs whose results change places what they should", () => {
  const count = 1800;
  const partner = (i: number): number => i ^ 1;
  const step = (xs: Tensor[]): Tensor[] => xs.map((_, i) => add(mul(sin(xs[partner(i)] as Tensor), 0.5), 1));
  const start = Array.from({ length: count }, (_, i) => array([i, i + 0.25, i + 0.5], [3], "float64"));
  const compiled = compile(step as never, [start], wasm({ schedule: { tile: 0 } }));
  compiled.load(start);
  for (let turn = 0; turn < 3; turn++) compiled.runSync();
  let expected = start.map(({ data }) => Array.from(data));
  for (let turn = 0; turn < 3; turn++) {
    expected = expected.map((_, i) => (expected[partner(i)] as number[]).map((x) => Math.sin(x) * 0.5 + 1));
  }
  (compiled.read() as { readonly data: Float64Array }[]).forEach(({ data }, i) => {
    Array.from(data).forEach((x, k) => {
      expect(x).toBeCloseTo(expected[i]?.[k] as number, 12);
    });
  });
  const calls = compiled.kernels().reduce((sum, kernel) => sum + kernel.calls, 0);
  expect(calls).toBeGreaterThan(8 * compiled.kernels().length);
});
