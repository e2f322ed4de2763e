import {
  add,
  array,
  at,
  compile,
  evaluate,
  grad,
  type HostTensor,
  jvp,
  matmul,
  mul,
  neg,
  reference,
  sin,
  square,
  stack,
  sub,
  sum,
  sumOfSquares,
  type Tensor,
  tanh,
  valueAndGrad,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { globalNorm } from "../optim/clip-by-global-norm.ts";
import { dopri5 } from "../solver/dopri5.ts";
import { rk4 } from "../solver/rk4.ts";
import type { Solver } from "../solver/solver.ts";
import { tsit5 } from "../solver/tsit5.ts";
import { pid } from "../step-size/pid.ts";
import { constantStepSize } from "../step-size/step-size.ts";
import type { SolveOptions } from "./options.ts";
import { solve } from "./solve.ts";

const value = (tensor: HostTensor, i = 0): number => tensor.data[i] as number;
const start = array([1.2, 0.3]);

describe("gradients by replay", () => {
  const times = [0.4, 1.7, 3];
  const loss =
    (options: Partial<SolveOptions<Tensor, Tensor>>) =>
    (parameters: { readonly y0: Tensor; readonly k: Tensor }): Tensor => {
      const field = (_t: Tensor, y: Tensor, k: Tensor): Tensor => stack([at(y, 1), neg(mul(k, sin(at(y, 0))))]);
      const { states } = solve({
        field,
        t0: 0,
        t1: 3,
        y0: parameters.y0,
        args: parameters.k,
        saveAt: { times },
        maxSteps: 64,
        ...options,
      });
      return sum(square(states));
    };
  const point = { y0: start, k: array(1.3) } as never;

  it("are those of differences on the frozen grid", () => {
    const grid = evaluate(
      (y0: Tensor) =>
        solve({
          field: (_t, y: Tensor) => stack([at(y, 1), neg(mul(1.3, sin(at(y, 0))))]),
          t0: 0,
          t1: 3,
          y0,
          saveAt: { steps: true },
          maxSteps: 64,
        }),
      start as never,
    ) as unknown as { readonly times: HostTensor; readonly count: HostTensor };
    const count = value(grid.count) - 1;
    const gradient = evaluate(grad(loss({})), point) as unknown as { readonly y0: HostTensor; readonly k: HostTensor };
    const frozen = (q: number, p: number, k: number): number =>
      frozenLoss(grid.times.data as Float64Array, count, times, [q, p], k);
    const difference = (f: (x: number) => number): number => {
      const h = 1e-2;
      const odd = (n: number): number => f(n * h) - f(-n * h);
      return (672 * odd(1) - 168 * odd(2) + 32 * odd(3) - 3 * odd(4)) / (840 * h);
    };
    const wanted = [
      difference((x) => frozen(1.2 + x, 0.3, 1.3)),
      difference((x) => frozen(1.2, 0.3 + x, 1.3)),
      difference((x) => frozen(1.2, 0.3, 1.3 + x)),
    ];
    const found = [value(gradient.y0), value(gradient.y0, 1), value(gradient.k)];
    found.forEach((component, i) => {
      expect(Math.abs(component - (wanted[i] as number))).toBeLessThan(1e-9 * Math.hypot(...wanted));
    });
  });

  it("are the same through a captured parameter", () => {
    const captured = (k: Tensor): Tensor => {
      const field = (_t: Tensor, y: Tensor): Tensor => stack([at(y, 1), neg(mul(k, sin(at(y, 0))))]);
      const y0 = array([1.2, 0.3]);
      return sum(square(solve({ field, t0: 0, t1: 3, y0, saveAt: { times }, maxSteps: 64 }).states));
    };
    const direct = evaluate(grad(loss({})), point) as unknown as { readonly k: HostTensor };
    const through = evaluate(grad(captured), array(1.3) as never) as unknown as HostTensor;
    expect(value(through)).toBeCloseTo(value(direct.k), 11);
  });

  it("differentiate again: a Hessian-vector product through the adaptive solve", () => {
    const tight = loss({ rtol: 1e-11, atol: 1e-12, maxSteps: 128 });
    const slope = (k: Tensor): Tensor => grad((x: Tensor) => tight({ y0: start as never, k: x }))(k);
    const second = compile((k: Tensor) => jvp(slope, [k], [array(1) as never])[1], [1.3], reference());
    const first = compile(slope, [1.3], reference());
    const slopeAt = (k: number): number => value(first.callSync(k) as unknown as HostTensor);
    const h = 0.03;
    const odd = (n: number): number => slopeAt(1.3 + n * h) - slopeAt(1.3 - n * h);
    const wanted = (45 * odd(1) - 9 * odd(2) + odd(3)) / (60 * h);
    expect(Math.abs(value(second.callSync(1.3) as unknown as HostTensor) / wanted - 1)).toBeLessThan(1e-7);
  });

  it("work for equal steps and in forward mode", () => {
    const options = { solver: rk4, stepSize: constantStepSize(), dt0: 0.05 };
    const gradient = evaluate(grad(loss(options)), point) as unknown as { readonly k: HostTensor };
    const forward = evaluate(
      (p: { y0: Tensor; k: Tensor }) =>
        jvp((k: Tensor) => loss(options)({ y0: p.y0, k }), [p.k], [array(1) as never])[1],
      point,
    ) as unknown as HostTensor;
    expect(value(forward)).toBeCloseTo(value(gradient.k), 10);
  });
});

/** Number i of stream s of the shared workloads: lowbias32 of s 0x9E3779B9 + i, as a number in (0, 1). */
function shared(stream: number, i: number): number {
  let x = (Math.imul(stream, 0x9e3779b9) + i) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (((x ^ (x >>> 16)) >>> 0) + 0.5) / 2 ** 32;
}

/** The parameters of the workload `spiral-node`, and its data by RK4 with 1000 substeps. */
function spiral(): { readonly parameters: Record<string, HostTensor>; readonly data: HostTensor } {
  let next = 0;
  const tensor = (shape: readonly number[], inputs: number): HostTensor => {
    const size = shape.reduce((a, b) => a * b, 1);
    return array(
      Array.from({ length: size }, () => (2 * shared(0, next++) - 1) / Math.sqrt(inputs)),
      shape,
    );
  };
  const parameters = { W1: tensor([2, 50], 2), b1: tensor([50], 2), W2: tensor([50, 2], 50), b2: tensor([2], 50) };
  const slope = ([a, b]: readonly number[]): number[] => {
    const [x, y] = [(a as number) ** 3, (b as number) ** 3];
    return [-0.1 * x + 2 * y, -2 * x - 0.1 * y];
  };
  const along = (y: readonly number[], k: readonly number[], h: number): number[] =>
    y.map((v, i) => v + h * (k[i] as number));
  const h = 1.5 / 29 / 1000;
  let y = [2, 0];
  const rows = [y];
  for (let step = 1; step <= 29_000; step++) {
    const k1 = slope(y);
    const k2 = slope(along(y, k1, h / 2));
    const k3 = slope(along(y, k2, h / 2));
    const k4 = slope(along(y, k3, h));
    y = y.map(
      (v, i) => v + (h / 6) * ((k1[i] as number) + 2 * (k2[i] as number) + 2 * (k3[i] as number) + (k4[i] as number)),
    );
    if (step % 1000 === 0) rows.push(y);
  }
  return { parameters, data: array(rows) };
}

describe("the workload spiral-node", () => {
  const { parameters, data } = spiral();
  const times = Array.from({ length: 30 }, (_, k) => (1.5 * k) / 29);

  it.each<[string, Solver, number, number]>([
    ["dopri5", dopri5, 4, 1],
    ["tsit5", tsit5, 5, 1],
  ])("%s gives the published loss, gradient norm and steps", (_, solver, accepted, rejected) => {
    const run = (p: Record<"W1" | "b1" | "W2" | "b2", Tensor>) =>
      solve({
        field: (_t, z: Tensor) => add(matmul(tanh(add(matmul(mul(z, z, z), p.W1), p.b1)), p.W2), p.b2),
        t0: 0,
        t1: 1.5,
        y0: array([2, 0]),
        solver,
        stepSize: pid({ proportional: 0, integral: 1 }),
        rtol: 1e-6,
        atol: 1e-6,
        saveAt: { times },
        maxSteps: 64,
      });
    const loss = (p: Parameters<typeof run>[0]): Tensor => sumOfSquares(sub(run(p).states, data));
    const found = evaluate((p: Parameters<typeof run>[0]) => {
      const [total, gradient] = valueAndGrad(loss)(p);
      return { total, norm: globalNorm(gradient), statistics: run(p).statistics };
    }, parameters as never) as unknown as Record<string, HostTensor> & {
      readonly statistics: Record<string, HostTensor>;
    };
    expect(Math.abs(value(found.total as HostTensor) / 173.9545507332786 - 1)).toBeLessThan(5e-6);
    expect(Math.abs(value(found.norm as HostTensor) / 407.5504392861972 - 1)).toBeLessThan(1e-5);
    // Controllers differ in how they meet the end.
    expect(Math.abs(value(found.statistics.accepted as HostTensor) - accepted)).toBeLessThanOrEqual(1);
    expect(Math.abs(value(found.statistics.rejected as HostTensor) - rejected)).toBeLessThanOrEqual(1);
  });
});

/** The loss of the gradient tests on given steps, in plain numbers: tsit5 with its dense output. */
function frozenLoss(
  grid: Float64Array,
  count: number,
  times: readonly number[],
  y0: readonly [number, number],
  k: number,
): number {
  const found = evaluate(
    (state: Tensor, stiffness: Tensor) => {
      const field = (_t: Tensor, y: Tensor): Tensor => stack([at(y, 1), neg(mul(stiffness, sin(at(y, 0))))]);
      let y = state;
      let memory = tsit5.start(field, mul(stiffness, 0), y);
      let total = mul(stiffness, 0);
      for (let i = 0; i < count; i++) {
        const [t, end] = [grid[i] as number, grid[i + 1] as number];
        const [time, h] = [add(mul(stiffness, 0), t), add(mul(stiffness, 0), end - t)];
        const step = tsit5.step(field, time, h, y, memory);
        for (const at of times) {
          if (at <= t || at > end) continue;
          const theta = (at - t) / (end - t);
          const terms = step.dense().map((coefficient, power) => mul(coefficient, theta ** power));
          total = add(total, sum(square(add(terms[0] as Tensor, ...terms.slice(1)))));
        }
        [y, memory] = [step.y, step.memory];
      }
      return total;
    },
    array([...y0]) as never,
    array(k) as never,
  ) as unknown as HostTensor;
  return value(found);
}
