/**
 * Rules of loops spread tangents and batches no further than they reach: what is marked too much is computed for nothing,
 * and no value would tell.
 */
import { expect, test } from "vitest";
import { evaluate } from "../compile.ts";
import { scan, whileLoop } from "../library/control-flow.ts";
import { lu } from "../library/linear-algebra.ts";
import { sin } from "../library/trigonometric.ts";
import { less } from "../ops/comparison.ts";
import { add, convert, floor, mul } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import type { Equation, Parameters } from "../program/primitive.ts";
import type { Program, TensorType } from "../program/program.ts";
import type { HostTensor } from "../pytree.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { jvp } from "../transform/differentiate.ts";
import { vmap } from "../transform/vmap.ts";

const scalar: TensorType = { dtype: "float64", shape: [] };
const loopOf = (program: Program): Equation =>
  program.equations.find(({ primitive }) => primitive === "scan" || primitive === "while") as Equation;
const carryOf = (program: Program): number => (loopOf(program).parameters as Parameters["scan"]).carry;

interface Carry {
  readonly moved: Tensor;
  readonly stepped: Tensor;
  readonly counted: Tensor;
  readonly apart: Tensor;
}

/** One part of the carry depends on x, one only on where it jumps, one is an integer of it, one has no part of it. */
const step =
  (w: Tensor, x: Tensor) =>
  ({ moved, stepped, counted, apart }: Carry): Carry => ({
    moved: sin(mul(moved, x)),
    stepped: add(mul(0.5, stepped), floor(moved), convert(convert(moved, "int32"), "float64")),
    counted: add(counted, convert(moved, "int32")),
    apart: mul(apart, w),
  });

const start = (x: Tensor): Carry => ({
  moved: x,
  stepped: full([], 0.25),
  counted: full([], 0, "int32"),
  apart: full([], 1.5),
});

const scanned = (w: Tensor, x: Tensor): Tensor => {
  const [end] = scan((carry: Carry) => [step(w, x)(carry), {}] as const, start(x), {}, { bound: 3 });
  return add(end.moved, end.stepped, end.apart, convert(end.counted, "float64"));
};

test("only what depends on x smoothly has a tangent in a scan", () => {
  const f = (w: Tensor, x: Tensor): unknown => jvp((y: Tensor) => scanned(w, y), [x], [full([], 1)]);
  expect(carryOf(trace(f, [scalar, scalar]).program)).toBe(4 + 1);
});

test("only what depends on x smoothly has a tangent in a while", () => {
  const looped = (w: Tensor, x: Tensor): Tensor => {
    const end = whileLoop(
      ({ apart }: Carry) => less(apart, 4),
      (carry) => step(w, x)(carry),
      start(x),
    );
    return add(end.moved, end.stepped, end.apart);
  };
  const f = (w: Tensor, x: Tensor): unknown => jvp((y: Tensor) => looped(w, y), [x], [full([], 1)]);
  const { program } = trace(f, [scalar, scalar]);
  expect(loopOf(program).outputs.length).toBe(4 + 1);
});

test("what members share is carried once", () => {
  const f = (w: Tensor, xs: Tensor): Tensor => vmap((x: Tensor) => scanned(w, x))(xs);
  const { program } = trace(f, [scalar, { dtype: "float64", shape: [3] }]);
  const { body } = loopOf(program).parameters as Parameters["scan"];
  expect(body.outputs.map(({ type }) => type.shape)).toEqual([[3], [3], [3], []]);
  const xs = [0.3, 1.2, 2.9];
  const together = evaluate(f, array(1.25), array(xs)) as HostTensor;
  const alone = xs.map((x) => (evaluate(scanned as never, array(1.25), array(x)) as HostTensor).data[0]);
  expect(Array.from(together.data)).toEqual(alone);
});

test("integers that an equation gives beside floats have no tangent", () => {
  const decomposed = (x: Tensor): Tensor => {
    const turn = ({ matrix }: { readonly matrix: Tensor; readonly swaps: Tensor }) => {
      const { factors, permutation } = lu(mul(matrix, x));
      return [{ matrix: factors, swaps: permutation }, {}] as const;
    };
    const [{ matrix, swaps }] = scan(turn, { matrix: full([2, 2], 1), swaps: full([2], 0, "int32") }, {}, { bound: 3 });
    return add(sum(matrix), sum(convert(swaps, "float64")));
  };
  const f = (x: Tensor): unknown => jvp(decomposed, [x], [full([], 1)]);
  expect(carryOf(trace(f, [scalar]).program)).toBe(2 + 1);
});
