import { expect, test } from "vitest";
import { evaluate } from "../compile.ts";
import { simplify } from "../lower/simplify.ts";
import { mul } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { programToJson } from "../program/json.ts";
import type { Program } from "../program/program.ts";
import type { HostTensor } from "../pytree.ts";
import { inline } from "../trace/builder.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad } from "../transform/differentiate.ts";
import { vmap } from "../transform/vmap.ts";
import { programFromJson } from "./program-from-json.ts";
import { softplus } from "./softplus.ts";

const points = [-90, -30, -3, -0.5, 0, 0.5, 3, 30, 90, 800, -800];
type Scalar = (x: Tensor) => Tensor;
const at = (f: Scalar, x: number): number => (evaluate(f as never, array(x) as never) as HostTensor).data[0] as number;
const derivative = (f: Scalar): Scalar => grad(f as never) as unknown as Scalar;

/** The functions that softplus and its derivatives are, from e^-|x|, which does not overflow. */
const decay = (x: number): number => Math.exp(-Math.abs(x));
const slope = (x: number): number => (x <= 0 ? decay(x) : 1) / (1 + decay(x));
const bend = (x: number): number => decay(x) / (1 + decay(x)) ** 2;
const truths = [
  (x: number): number => Math.max(x, 0) + Math.log1p(decay(x)),
  slope,
  bend,
  (x: number): number => bend(x) * (1 - 2 * slope(x)),
];

test("has the right derivatives to third order, at 0 and far out too", () => {
  let f: Scalar = softplus;
  for (const truth of truths) {
    for (const x of points) expect(Math.abs(at(f, x) - truth(x))).toBeLessThanOrEqual(4e-16 * Math.max(1, truth(x)));
    f = derivative(f);
  }
});

test("maps over members as one, derivatives too", () => {
  const [first] = evaluate((x: Tensor) => [vmap(derivative(softplus))(x)], array(points, [points.length])) as never as [
    HostTensor,
  ];
  points.forEach((x, i) => {
    expect(first.data[i]).toBeCloseTo(slope(x), 14);
  });
});

test("is differentiated when it was read from a file", () => {
  const { program } = trace(vmap(((x: Tensor) => mul(2, softplus(x))) as never) as never, [array([1, 2], [2])]);
  const read = programFromJson(JSON.parse(JSON.stringify(programToJson(program))));
  const total = (x: Tensor): Tensor => sum(inline(read, [x])[0] as Tensor);
  const slopes = evaluate(grad(total as never) as never, array([1, 2], [2]) as never) as HostTensor;
  expect(slopes.data[0]).toBeCloseTo(2 * slope(1), 14);
  expect(slopes.data[1]).toBeCloseTo(2 * slope(2), 14);
});

test("shares one exponential with its slopes, and takes one step for a tangent", () => {
  const { program } = trace(((x: Tensor) => [softplus(x), derivative(softplus)(x)]) as never, [0.5]);
  const { equations }: Program = simplify(program);
  const count = (primitive: string): number => equations.filter((equation) => equation.primitive === primitive).length;
  expect([count("exp"), count("log1p"), count("div"), count("mul")]).toEqual([1, 1, 1, 0]);
});
