/**
 * Compensated summation: the same method for every solver, with the rounding of long sums gone on every target.
 */
import {
  add,
  array,
  compile,
  convert,
  cos,
  evaluate,
  grad,
  type HostTensor,
  mul,
  reference,
  type Spec,
  scan,
  sin,
  sub,
  sum,
  type Target,
  type Tensor,
  wasm,
  zeros,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { solve } from "../solve/solve.ts";
import { compensated } from "./compensated.ts";
import { solverNamed, solvers } from "./registry.ts";
import { reversible } from "./reversible.ts";
import type { Field, Solver } from "./solver.ts";

interface State {
  readonly q: Tensor;
  readonly p: Tensor;
}

const pendulum: Field<State> = (t, { q, p }) => ({ q: p, p: sub(convert(mul(0.3, cos(t)), q.dtype), sin(q)) });

/** The state after equal steps. */
function after(solver: Solver, field: Field<State>, start: State, steps: number, h: number): State {
  const time = zeros([]);
  const first = { t: time, y: start, memory: solver.start(field, time, start) };
  const [end] = scan<typeof first, Record<string, never>, Record<string, never>>(
    ({ t, y, memory }) => {
      const step = solver.step(field, t, add(mul(t, 0), h), y, memory);
      return [{ t: add(t, h), y: step.y, memory: step.memory }, {}];
    },
    first,
    {},
    { bound: steps },
  );
  return end.y;
}

/** The end of 4000 steps from one start, which float32 holds exactly. */
function roundedEnd(target: Target, solver: Solver, dtype: "float32" | "float64"): number[] {
  const start = { q: array([1.25], [1], dtype), p: array([-0.5], [1], dtype) };
  const run = compile(
    ((state: State) => after(solver, pendulum, state, 4000, 0.0078125)) as never,
    [start] as unknown as Spec[],
    target,
  );
  const end = run.callSync(start as never) as unknown as { readonly q: HostTensor; readonly p: HostTensor };
  return [...end.q.data, ...end.p.data];
}

describe("compensated", () => {
  it.each(solvers.map((solver) => [solver.name, solver] as const))("%s is the same method", (_, solver) => {
    const run = (which: Solver): number[] => {
      const end = evaluate((start: State) => after(which, pendulum, start, 20, 0.05), {
        q: array([1.1, -0.3]),
        p: array([-0.4, 0.9]),
      } as never) as unknown as { readonly q: HostTensor; readonly p: HostTensor };
      return [...end.q.data, ...end.p.data];
    };
    const [plain, summed] = [run(solver), run(compensated(solver))];
    for (const [i, value] of plain.entries()) expect(Math.abs(value - (summed[i] as number))).toBeLessThan(2e-14);
  });

  it.each([
    ["reference", reference()],
    ["wasm", wasm()],
  ] as const)("takes away the rounding of 4000 sums in float32, on %s", (_, target) => {
    for (const name of ["stormerVerlet", "blanesMoan4", "rk4", "tao2"]) {
      const solver = solverNamed(name);
      const exact = roundedEnd(target, solver, "float64");
      const distance = (end: readonly number[]): number =>
        Math.max(...end.map((x, i) => Math.abs(x - (exact[i] as number))));
      const plain = distance(roundedEnd(target, solver, "float32"));
      const summed = distance(roundedEnd(target, compensated(solver), "float32"));
      expect(summed).toBeLessThan(2e-4);
      expect(plain).toBeGreaterThan(20 * summed);
    }
  });

  it("goes with adaptive steps", () => {
    const end = (solver: Solver): number[] => {
      const { y } = evaluate(
        (y0: State) => ({ y: solve({ field: pendulum, t0: 0, t1: 5, y0, solver, rtol: 1e-9, atol: 1e-9 }).y }),
        { q: array([1.1, -0.3]), p: array([-0.4, 0.9]) } as never,
      ) as unknown as { readonly y: { readonly q: HostTensor; readonly p: HostTensor } };
      return [...y.q.data, ...y.p.data];
    };
    for (const name of ["tsit5", "dprkn6"]) {
      const [plain, summed] = [end(solverNamed(name)), end(compensated(solverNamed(name)))];
      for (const [i, value] of plain.entries()) expect(summed[i]).toBeCloseTo(value, 11);
    }
  });

  it("refuses a solver that hands on a second state", () => {
    expect(() => compensated(reversible(solverNamed("rk4")))).toThrow(
      "Cannot compensate reversible(rk4): expected a solver that hands on slopes or differences",
    );
  });

  it("has the derivative of the solver it wraps", () => {
    const slope = (solver: Solver): HostTensor =>
      evaluate(
        grad((q: Tensor) => {
          const { q: x, p } = after(solver, pendulum, { q, p: mul(q, 0.5) }, 30, 0.1);
          return sum(add(x, mul(p, -2)));
        }) as never,
        array([1.1, -0.3]) as never,
      ) as unknown as HostTensor;
    const [plain, summed] = [slope(solverNamed("yoshida4")), slope(compensated(solverNamed("yoshida4")))];
    for (const [i, value] of [...plain.data].entries()) expect(summed.data[i]).toBeCloseTo(value, 12);
  });
});
