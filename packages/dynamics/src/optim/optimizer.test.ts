import {
  array,
  compile,
  evaluate,
  grad,
  type HostTensor,
  mul,
  reference,
  specOf,
  square,
  sub,
  sum,
  type Tensor,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { adam, adamW } from "./adam.ts";
import { clipByGlobalNorm } from "./clip-by-global-norm.ts";
import type { Optimizer, OptimizerState } from "./optimizer.ts";
import { rAdam } from "./r-adam.ts";
import { sgd } from "./sgd.ts";

interface Pair {
  readonly a: HostTensor;
  readonly b: readonly HostTensor[];
}

const start: Pair = { a: array([1, -2]), b: [array(0.5)] };
const gradients: Pair[] = [
  { a: array([0.1, -0.3]), b: [array(2)] },
  { a: array([-0.2, 0.4]), b: [array(1)] },
  { a: array([0.3, 0.2]), b: [array(-1)] },
];

/** The values of `start.b[0]` after each of the updates, by the optimiser. */
function run(optimizer: Optimizer, updates: number, rate = 0.1): number[] {
  let parameters = start;
  let state = optimizer.init(start);
  const seen: number[] = [];
  for (let i = 0; i < updates; i++) {
    const gradient = gradients[i % 3] as Pair;
    const next = evaluate(
      (g: Pair, s: OptimizerState<Pair>, p: Pair) => optimizer.update(g, s, p, rate),
      gradient,
      state,
      parameters,
    ) as unknown as [Pair, OptimizerState<Pair>];
    [parameters, state] = next;
    seen.push((parameters.b[0] as HostTensor).data[0] as number);
  }
  expect((state.step as HostTensor).data[0]).toBe(updates);
  return seen;
}

/** The same for one number, written as in the papers. */
function byHand(updates: number, rule: (g: number, t: number, p: number) => number): number[] {
  const seen: number[] = [];
  let p = 0.5;
  for (let t = 1; t <= updates; t++) {
    p = rule([2, 1, -1][(t - 1) % 3] as number, t, p);
    seen.push(p);
  }
  return seen;
}

function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i] as number, 13);
  });
}

describe("optimisers", () => {
  it("sgd follows the gradient", () => {
    expectClose(
      run(sgd(), 3),
      byHand(3, (g, _t, p) => p - 0.1 * g),
    );
  });

  it("sgd with momentum keeps a velocity", () => {
    let u = 0;
    expectClose(
      run(sgd({ momentum: 0.9 }), 5),
      byHand(5, (g, _t, p) => {
        u = 0.9 * u + g;
        return p - 0.1 * u;
      }),
    );
  });

  it("adam follows algorithm 1, with l2 in the gradient", () => {
    let [m, v] = [0, 0];
    expectClose(
      run(adam({ l2: 0.01 }), 7),
      byHand(7, (g0, t, p) => {
        const g = g0 + 0.01 * p;
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        return p - (0.1 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
      }),
    );
  });

  it("adamW decays parameters apart from the gradient", () => {
    let [m, v] = [0, 0];
    expectClose(
      run(adamW({ weightDecay: 0.2, beta1: 0.8, beta2: 0.9 }), 4),
      byHand(4, (g, t, p) => {
        m = 0.8 * m + 0.2 * g;
        v = 0.9 * v + 0.1 * g * g;
        return p * (1 - 0.1 * 0.2) - (0.1 * (m / (1 - 0.8 ** t))) / (Math.sqrt(v / (1 - 0.9 ** t)) + 1e-8);
      }),
    );
  });

  it("rAdam is plain for five updates and rectified afterwards", () => {
    let [m, v] = [0, 0];
    let rectified = 0;
    const limit = 2 / (1 - 0.999) - 1;
    expectClose(
      run(rAdam(), 9),
      byHand(9, (g, t, p) => {
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        const mean = m / (1 - 0.9 ** t);
        const rho = limit - (2 * t * 0.999 ** t) / (1 - 0.999 ** t);
        if (rho <= 5) return p - 0.1 * mean;
        rectified++;
        const r = Math.sqrt(((rho - 4) * (rho - 2) * limit) / ((limit - 4) * (limit - 2) * rho));
        return p - (0.1 * mean * r * Math.sqrt(1 - 0.999 ** t)) / (Math.sqrt(v) + 1e-8);
      }),
    );
    expect(rectified).toBe(4);
  });

  it("keeps the element type and flushes what is subnormal", () => {
    const tiny = { w: array(Float32Array.of(1e-41, 1)) };
    const optimizer = adam();
    const state = optimizer.init(tiny);
    const [next, after] = evaluate(
      (p: typeof tiny, s: typeof state) => optimizer.update(p, s, p, 0),
      tiny,
      state,
    ) as unknown as [typeof tiny, typeof state];
    expect(next.w.dtype).toBe("float32");
    expect([...next.w.data]).toEqual([0, 1]);
    expect(after.moments[0]?.w.data[0]).toBe(0);
  });

  it("runs inside a compiled step that keeps its state", () => {
    const optimizer = adam();
    const loss = (p: { x: Tensor }): Tensor => sum(square(sub(p.x, 3)));
    const parameters = { x: array([0, 10]) };
    const state = { parameters, optimizer: optimizer.init(parameters) };
    const step = compile(
      (s: typeof state) => {
        const gradient = grad(loss)(s.parameters as never) as unknown as typeof parameters;
        const [next, after] = optimizer.update(gradient, s.optimizer, s.parameters, 0.3);
        return { parameters: next, optimizer: after };
      },
      [specOf(state)],
      reference(),
    );
    step.load(state);
    for (let i = 0; i < 200; i++) step.runSync();
    const found = step.read() as unknown as typeof state;
    expect(found.parameters.x.data[0]).toBeCloseTo(3, 3);
    expect(found.parameters.x.data[1]).toBeCloseTo(3, 3);
  });
});

describe("clipByGlobalNorm", () => {
  it("scales by the norm over all leaves and reports it", () => {
    const tree = { a: array([3, 0]), b: array(Float32Array.of(4)) };
    const [clipped, norm] = evaluate((t: typeof tree) => clipByGlobalNorm(t, 1), tree) as unknown as [
      typeof tree,
      HostTensor,
    ];
    expect(norm.data[0]).toBe(5);
    expect(clipped.a.data[0]).toBeCloseTo(3 / (5 + 1e-6), 14);
    expect(clipped.b.dtype).toBe("float32");
  });

  it("leaves a small gradient alone", () => {
    const [clipped] = evaluate((x: HostTensor) => clipByGlobalNorm(mul(x, 1), 10), array([3, 4])) as unknown as [
      HostTensor,
    ];
    expect([...clipped.data]).toEqual([3, 4]);
  });
});
