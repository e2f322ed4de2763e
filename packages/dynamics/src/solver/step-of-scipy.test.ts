/**
 * One step of y'' = cos t - sin y (1 + y'²) from t = 0.25, y = (1.1, -0.4), with h = 0.7, as SciPy 1.17.1 takes it
 * (`DOP853`, `RK23` with rtol 1e-3 and atol 1e-6): the new state, the norm of the error, the dense output at theta = 0.4.
 */
import {
  add,
  array,
  at,
  cos,
  evaluate,
  type HostTensor,
  mul,
  sin,
  sqrt,
  square,
  stack,
  sub,
  type Tensor,
} from "@leastaction/tensor";
import { expect, it } from "vitest";
import { squaredErrorNorm } from "../step-size/error-norm.ts";
import { bosh3 } from "./bosh3.ts";
import { dop853 } from "./dop853.ts";
import type { Field, Solver } from "./solver.ts";

const field: Field<Tensor> = (t, y) => stack([at(y, 1), sub(cos(t), mul(sin(at(y, 0)), add(1, square(at(y, 1)))))]);

const known: readonly (readonly [Solver, readonly number[], number, readonly number[]])[] = [
  [dop853, [0.7911753519487834, -0.511999347133358], 0.00021853124903141138, [0.9849408143115168, -0.4244495260792265]],
  [bosh3, [0.7917961210188688, -0.5136566913109845], 7.197977316067026, [0.98570996425474, -0.42519922019763573]],
];

it.each(known)("$name", (solver, y, error, between) => {
  const found = evaluate(
    (t: Tensor, h: Tensor, start: Tensor) => {
      const step = solver.step(field, t, h, start, solver.start(field, t, start));
      const norm = (each: Tensor | null): Tensor => squaredErrorNorm(each, { rtol: 1e-3, atol: 1e-6 }, start, step.y);
      const read = step.dense().reduceRight((total, c) => add(mul(total, 0.4), c));
      return { y: step.y, error: sqrt(step.squaredError?.(norm) ?? norm(step.error)), between: read };
    },
    array(0.25) as never,
    array(0.7) as never,
    array([1.1, -0.4]) as never,
  ) as unknown as Readonly<Record<"y" | "error" | "between", HostTensor>>;
  for (const [i, value] of y.entries()) expect(found.y.data[i]).toBeCloseTo(value, 14);
  for (const [i, value] of between.entries()) expect(found.between.data[i]).toBeCloseTo(value, 14);
  // The estimate is a difference of terms that are up to 1e7 times larger.
  expect((found.error.data[0] as number) / error).toBeCloseTo(1, 8);
});
