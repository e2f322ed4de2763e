import {
  add,
  array,
  at,
  compile,
  cos,
  div,
  evaluate,
  grad,
  type HostTensor,
  mul,
  neg,
  reference,
  sin,
  specOf,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  type TensorLike,
  vmap,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { dopri5 } from "../solver/dopri5.ts";
import { rk4 } from "../solver/rk4.ts";
import { stormerVerlet } from "../solver/stormer-verlet.ts";
import { tsit5 } from "../solver/tsit5.ts";
import { pid } from "../step-size/pid.ts";
import { constantStepSize } from "../step-size/step-size.ts";
import { type Solution, type SolveOptions, solve, solveDense } from "./solve.ts";
import { statusNames } from "./status.ts";

type HostSolution<Y> = {
  readonly [K in keyof Solution<Y>]: K extends "y" | "states"
    ? Y
    : K extends "statistics"
      ? Record<string, HostTensor>
      : HostTensor;
};

/** The solution of a problem without parameters. */
function solved<Y>(options: SolveOptions<Y, undefined>): HostSolution<Y> {
  return evaluate(() => solve(options)) as unknown as HostSolution<Y>;
}

const value = (tensor: unknown, i = 0): number => (tensor as HostTensor).data[i] as number;
const statusOf = (solution: { readonly status: HostTensor }): string => statusNames[value(solution.status)] as string;

/** A pendulum: nonlinear, smooth, two numbers. */
const pendulum = (_t: Tensor, y: Tensor): Tensor => stack([at(y, 1), neg(sin(at(y, 0)))]);
const start = array([1.2, 0.3]) as unknown as Tensor;

describe("solve", () => {
  it("meets its tolerance on a problem with a known solution", () => {
    const solution = solved({
      field: (t, y: Tensor) => mul(y, cos(t)),
      t0: 0,
      t1: 5,
      y0: array([1]) as unknown as Tensor,
      rtol: 1e-9,
      atol: 1e-12,
    });
    expect(statusOf(solution)).toBe("success");
    expect(value(solution.t)).toBe(5);
    expect(Math.abs(value(solution.y) / Math.exp(Math.sin(5)) - 1)).toBeLessThan(2e-8);
    expect(value(solution.statistics.accepted)).toBeGreaterThan(20);
  });
  it.each([tsit5, dopri5])("$name: reads saved times in any order from dense output", (solver) => {
    const times = [0, 0.37, 2, 1.1, 5];
    const solution = solved({
      field: (t, y: Tensor) => mul(y, cos(t)),
      t0: 0,
      t1: 5,
      y0: array([1]) as unknown as Tensor,
      solver,
      rtol: 1e-8,
      saveAt: { times },
    });
    times.forEach((t, i) => {
      expect(Math.abs(value(solution.states, i) - Math.exp(Math.sin(t)))).toBeLessThan(2e-6);
    });
    expect(value(solution.count)).toBe(5);
  });
});
