import {
  array,
  at,
  compile,
  cos,
  evaluate,
  grad,
  type HostTensor,
  mul,
  neg,
  reference,
  sin,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  wasm,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { dopri5 } from "../solver/dopri5.ts";
import { rk4 } from "../solver/rk4.ts";
import type { Solver } from "../solver/solver.ts";
import { stormerVerlet } from "../solver/stormer-verlet.ts";
import { solveOnGrid } from "./fixed-grid.ts";

const value = (tensor: HostTensor, i = 0): number => tensor.data[i] as number;
const known = (t: Tensor, y: Tensor): Tensor => mul(y, cos(t));
const irregular = [0, 0.1, 0.35, 0.4, 1, 1.2];

describe("solveOnGrid", () => {
  it.each<[string, Solver, number]>([
    ["rk4", rk4, 3e-7],
    ["dopri5", dopri5, 1e-8],
  ])("%s meets irregular times, forward and backward", (_, solver, bound) => {
    const run = (times: readonly number[], y: number): HostTensor =>
      evaluate(
        (y0: Tensor) => solveOnGrid({ field: known, times, y0, solver, substeps: 8 }),
        array([y]) as never,
      ) as unknown as HostTensor;
    const there = run(irregular, 1);
    expect(there.shape).toEqual([6, 1]);
    irregular.forEach((t, i) => {
      expect(Math.abs(value(there, i) - Math.exp(Math.sin(t)))).toBeLessThan(bound);
    });
    const back = run([...irregular].reverse(), Math.exp(Math.sin(1.2)));
    expect(Math.abs(value(back, 5) - 1)).toBeLessThan(bound);
  });

  it("takes the steps of the textbook", () => {
    const found = evaluate(
      (y0: Tensor) => solveOnGrid({ field: (_t, y) => neg(y), times: [0, 0.5], y0 }),
      array([1]) as never,
    ) as unknown as HostTensor;
    expect(value(found, 1)).toBeCloseTo(1 - 0.5 + 0.125 - 0.125 / 6 + 0.0625 / 24, 15);
  });

  it("hands the held value of each interval to the field, at every substep", () => {
    const held = { u: array([1, -2, 3, 0, 5]) };
    const found = evaluate(
      (y0: Tensor) =>
        solveOnGrid({
          field: (_t, _y, { u }: { u: Tensor }) => stack([u]),
          times: irregular,
          y0,
          held,
          substeps: 3,
          solver: dopri5,
        }),
      array([0]) as never,
    ) as unknown as HostTensor;
    let expected = 0;
    [1, -2, 3, 0, 5].forEach((u, i) => {
      expected += u * ((irregular[i + 1] as number) - (irregular[i] as number));
      expect(value(found, i + 1)).toBeCloseTo(expected, 14);
    });
  });

  it("runs as many intervals as it is told at run time", () => {
    const run = compile(
      (length: Tensor) => solveOnGrid({ field: known, times: irregular, y0: array([1]), substeps: 2, length }),
      [array(Int32Array.of(0), [])],
      reference(),
    );
    const found = run.callSync(array(Int32Array.of(2), [])) as unknown as HostTensor;
    expect(value(found, 2)).toBeCloseTo(Math.exp(Math.sin(0.35)), 5);
    expect(Array.from(found.data.slice(3))).toEqual([0, 0, 0]);
  });

  it("keeps a leapfrog rollout and its gradient in step with differences", () => {
    const loss = (k: Tensor): Tensor => {
      const field = (_t: Tensor, { q, p }: { q: Tensor; p: Tensor }): { q: Tensor; p: Tensor } => ({
        q: p,
        p: neg(mul(k, sin(q))),
      });
      const y0 = { q: array([0.8]), p: array([0]) };
      const { q } = solveOnGrid({ field, times: irregular, y0, solver: stormerVerlet, substeps: 2 });
      return sum(square(sub(q, 0.1)));
    };
    const lossAt = (k: number): number => value(evaluate(loss, array(k) as never) as unknown as HostTensor);
    const gradient = value(evaluate(grad(loss), array(2) as never) as unknown as HostTensor);
    const h = 1e-2;
    const odd = (n: number): number => lossAt(2 + n * h) - lossAt(2 - n * h);
    const wanted = (672 * odd(1) - 168 * odd(2) + 32 * odd(3) - 3 * odd(4)) / (840 * h);
    expect(Math.abs(gradient / wanted - 1)).toBeLessThan(1e-10);
  });

  it("has the same gradient with checkpoints, in less memory", () => {
    const times = Array.from({ length: 401 }, (_, i) => i / 200);
    const loss =
      (checkpoint: boolean) =>
      (k: Tensor): Tensor => {
        const field = (_t: Tensor, y: Tensor): Tensor => stack([at(y, 1), neg(mul(k, sin(at(y, 0))))]);
        return sum(square(solveOnGrid({ field, times, y0: array([1, 0]), checkpoint })));
      };
    const [all, few] = [false, true].map((checkpoint) => compile(grad(loss(checkpoint)), [1.3], wasm()));
    const [wanted, found] = [all, few].map((run) => value(run?.callSync(1.3) as unknown as HostTensor)) as [
      number,
      number,
    ];
    expect(Math.abs(found / wanted - 1)).toBeLessThan(1e-13);
    expect(few?.bytes()).toBeLessThan((all?.bytes() ?? 0) / 2);
  });

  it("carries a batch along in the state", () => {
    const field = (_t: Tensor, y: Tensor): Tensor => stack([at(y, 1, -1), neg(at(y, 0, -1))], 1);
    const found = evaluate(
      (y0: Tensor) => solveOnGrid({ field, times: [0, 0.1, 0.2], y0 }),
      array([
        [1, 0],
        [0, 1],
        [2, 2],
      ]) as never,
    ) as unknown as HostTensor;
    expect(found.shape).toEqual([3, 3, 2]);
    expect(value(found, 12)).toBeCloseTo(Math.cos(0.2), 6);
    expect(value(found, 14)).toBeCloseTo(Math.sin(0.2), 6);
  });

  it("refuses a grid without intervals", () => {
    expect(() => evaluate(() => solveOnGrid({ field: known, times: [1], y0: array([1]) }))).toThrow(
      "Cannot solve on a grid: expected at least two times and a positive number of substeps, got 1 times and 1 substeps",
    );
  });
});
