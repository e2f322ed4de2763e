import {
  add,
  array,
  at,
  compile,
  type HostTensor,
  mul,
  neg,
  reference,
  sin,
  stack,
  sub,
  type Tensor,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { solveOnGrid } from "../solve/fixed-grid.ts";
import { dopri5 } from "./dopri5.ts";
import { heun } from "./heun.ts";
import { reversible } from "./reversible.ts";
import { rk4 } from "./rk4.ts";

const field = (t: Tensor, y: Tensor): Tensor => stack([at(y, 1), add(neg(sin(at(y, 0))), mul(0.2, t))]);
const numbersOf = (value: unknown): number[] => Array.from((value as HostTensor).data);

describe("reversible", () => {
  it.each([heun, rk4, dopri5])("$name undoes a step to rounding", (base) => {
    const solver = reversible(base);
    const there = (y: Tensor, z: Tensor): Tensor[] => {
      const [t, h] = [mul(at(y, 0), 0.3), add(0.2, mul(0, at(y, 0)))];
      const step = solver.step(field, t, h, y, [z]);
      const back = solver.undo(field, t, h, step.y, step.memory);
      return [sub(back.y, y), sub(back.memory[0] as Tensor, z), sub(step.y, y)];
    };
    const [y, z] = [array([1.1, -0.4]), array([1.1001, -0.4002])];
    const found = compile(there, [y, z], reference()).callSync(y, z) as unknown as HostTensor[];
    const [first, second, moved] = found.map(numbersOf) as [number[], number[], number[]];
    expect(Math.hypot(...moved)).toBeGreaterThan(0.1);
    expect(Math.max(...first.map(Math.abs), ...second.map(Math.abs))).toBeLessThan(1e-15);
  });

  it.each([
    [heun, 2],
    [rk4, 4],
  ])("keeps the order of the solver", (base, order) => {
    const end = (steps: number, solver = reversible(base)): number[] => {
      const times = Array.from({ length: steps + 1 }, (_, k) => (2 * k) / steps);
      const run = compile(
        (y0: Tensor) => at(solveOnGrid({ field, times, y0, solver }), steps),
        [array([1, 0])],
        reference(),
      );
      return numbersOf(run.callSync(array([1, 0])));
    };
    const truth = end(2000, reversible(dopri5));
    const error = (steps: number): number => Math.hypot(...end(steps).map((value, i) => value - (truth[i] as number)));
    expect(Math.log2(error(40) / error(80))).toBeCloseTo(order, 0);
  });

  it("refuses a coupling that cannot be undone", () => {
    expect(() => reversible(rk4, 0)).toThrow(
      "Cannot make a solver reversible: expected a coupling above 0 and at most 1, got 0",
    );
  });
});
