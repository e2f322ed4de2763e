import {
  array,
  at,
  compile,
  cos,
  evaluate,
  full,
  grad,
  type HostTensor,
  less,
  mul,
  neg,
  reference,
  select,
  sin,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  vmap,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { rk4 } from "../solver/rk4.ts";
import { stormerVerlet } from "../solver/stormer-verlet.ts";
import { tao } from "../solver/tao.ts";
import { pid } from "../step-size/pid.ts";
import { constantStepSize } from "../step-size/step-size.ts";
import { type ControlKind, controls } from "./controls.ts";
import type { Solution, SolveOptions } from "./options.ts";
import { solve, solveDense } from "./solve.ts";
import { statusCodes } from "./status.ts";

interface Found {
  readonly t: HostTensor;
  readonly y: HostTensor;
  readonly times: HostTensor;
  readonly states: HostTensor;
  readonly count: HostTensor;
  readonly status: HostTensor;
  readonly statistics: Record<"accepted" | "rejected" | "fieldEvaluations", HostTensor>;
}

type Options = Omit<SolveOptions<HostTensor, undefined>, "y0"> & { readonly y0?: HostTensor };

const value = (tensor: HostTensor, i = 0): number => tensor.data[i] as number;
const evaluated = (f: () => unknown): unknown => evaluate(f);
const solved = (options: Options): Found =>
  evaluated(() => solve({ y0: array([1]), maxSteps: 400, ...options }) as Solution<Tensor>) as Found;
const stepTimes = (found: Found): number[] => Array.from(found.times.data.slice(0, value(found.count)));

const smooth = (t: Tensor, y: Tensor): Tensor => mul(y, cos(t));
const equal = { solver: rk4, stepSize: constantStepSize(), dt0: 0.1 };
const swing = (_t: Tensor, y: Tensor): Tensor => stack([at(y, 1), neg(sin(at(y, 0)))]);

describe("tStops", () => {
  it.each<[string, Partial<Options>]>([
    ["adaptive steps", {}],
    ["equal steps", equal],
  ])("are hit exactly with %s, in any order, forward and backward", (_, options) => {
    const tStops = [1.7, 0.3, 0.3, 9, 1 / 3, -4, 2];
    for (const [t0, t1] of [
      [0, 2],
      [2, 0],
    ] as const) {
      const found = solved({ field: smooth, t0, t1, tStops, saveAt: { steps: true }, ...options });
      expect(value(found.status)).toBe(statusCodes.success);
      expect(value(found.t)).toBe(t1);
      const times = stepTimes(found);
      for (const stop of [0.3, 1 / 3, 1.7]) expect(times).toContain(stop);
      expect(times).toEqual([...new Set(times)].sort((a, b) => (t1 > t0 ? a - b : b - a)));
      expect(value(found.y)).toBeCloseTo(Math.exp(Math.sin(t1) - Math.sin(t0)), 4);
      const lengths = times.slice(1).map((time, i) => Math.abs(time - (times[i] as number)));
      if (options.dt0 !== undefined) expect(Math.max(...lengths)).toBeLessThan(0.1 + 1e-9);
    }
  });

  it("may be known at run time, in any order, with repetitions and what is not a number", () => {
    for (const options of [{}, equal]) {
      const run = compile(
        (tStops: Tensor) =>
          solve({
            field: smooth,
            t0: 0,
            t1: 2,
            y0: array([1]),
            tStops,
            saveAt: { steps: true },
            maxSteps: 99,
            ...options,
          }),
        [array([0, 0, 0, 0, 0, 0])],
        reference(),
      );
      const stops = [1.7, Number.NaN, 0.3, 1.7, 12, -3];
      const found = run.callSync(array(stops)) as unknown as Found;
      const wanted = solved({ field: smooth, t0: 0, t1: 2, tStops: [0.3, 1.7], saveAt: { steps: true }, ...options });
      expect(stepTimes(found)).toEqual(stepTimes(wanted));
      expect(value(found.y)).toBe(value(wanted.y));
    }
  });

  it("leave the results alone when they lie outside", () => {
    const plain = solved({ field: smooth, t0: 0, t1: 2 });
    expect(solved({ field: smooth, t0: 0, t1: 2, tStops: [0, 2, 5, -1] })).toEqual(plain);
    expect(solved({ field: smooth, t0: 0, t1: 2, tStops: [] })).toEqual(plain);
    expect(value(solved({ field: smooth, t0: 2, t1: 2, tStops: [2] }).status)).toBe(statusCodes.success);
  });

  it("with a jump make steps that do not look across", () => {
    // y' = 1 up to t = 1, then -2: the solution is known, and each piece is exact for any solver.
    const field = (t: Tensor): Tensor => select(less(t, 1), full([1], 1), full([1], -2));
    for (const options of [{}, equal, { ...equal, dt0: 0.7 }]) {
      for (const [t0, t1, end] of [
        [0, 3, -2],
        [3, 0, 4],
      ] as const) {
        const found = solved({ field, t0, t1, tStops: { times: [1], jump: true }, ...options });
        expect(Math.abs(value(found.y) - end)).toBeLessThan(1e-14);
        expect(value(found.statistics.rejected)).toBe(0);
      }
    }
    const blind = solved({ field, t0: 0, t1: 3, tStops: [1] });
    expect(value(blind.statistics.rejected)).toBeGreaterThan(0);
  });

  it("with a jump leave splittings and doubled states as accurate as without", () => {
    const state = array([1.2, 0.3]);
    for (const solver of [stormerVerlet, tao()]) {
      const options = { ...equal, solver, field: swing, t0: 0, t1: 1, y0: state };
      const [plain, jump] = [solved(options), solved({ ...options, tStops: { times: [0.5], jump: true } })];
      expect(Math.abs(value(jump.y) - value(plain.y))).toBeLessThan(1e-12);
    }
  });

  it("do not change gradients but by what the steps change", () => {
    const slope = (tStops: readonly number[]): number => {
      const loss = (k: Tensor): Tensor => {
        const field = (t: Tensor, y: Tensor): Tensor => mul(k, y, cos(t));
        return sum(solve({ field, t0: 0, t1: 2, y0: array([1]), rtol: 1e-10, tStops, maxSteps: 200 }).y);
      };
      return value(evaluate(grad(loss), array(0.8) as never) as unknown as HostTensor);
    };
    const exact = Math.sin(2) * Math.exp(0.8 * Math.sin(2));
    expect(Math.abs(slope([]) / exact - 1)).toBeLessThan(1e-8);
    expect(Math.abs(slope([0.1, 1.5]) / exact - 1)).toBeLessThan(1e-8);
  });
});

describe("limits of the length", () => {
  it("hold for every step", () => {
    const found = solved({
      field: swing,
      t0: 0,
      t1: 3,
      y0: array([1.2, 0.3]),
      stepSize: pid({ dtMax: 0.13 }),
      saveAt: { steps: true },
    });
    const times = stepTimes(found);
    const lengths = times.slice(1).map((time, i) => time - (times[i] as number));
    expect(Math.max(...lengths)).toBeLessThan(0.13 + 1e-12);
    expect(value(found.t)).toBe(3);
    const start = value(
      solved({ field: swing, t0: 0, t1: -3, y0: array([1.2, 0.3]), stepSize: pid({ dtMax: 0.13 }) }).t,
    );
    expect(start).toBe(-3);
  });

  it("end the integration where the shortest step is too long, as run-time tensors too", () => {
    const stiff = (_t: Tensor, y: Tensor): Tensor => mul(-1e5, sub(y, 2));
    const run = compile(
      (dtMin: Tensor) => solve({ field: stiff, t0: 0, t1: 1, y0: array([1]), stepSize: pid({ dtMin }) }),
      [0],
      reference(),
    );
    const found = run.callSync(0.01) as unknown as Found;
    expect(value(found.status)).toBe(statusCodes.stepSizeUnderflow);
    expect(value(found.t)).toBe(0);
    expect(value(found.statistics.rejected)).toBeLessThan(20);
  });
});

describe("tolerances", () => {
  it("are data: one program for all", () => {
    const run = compile(
      (rtol: Tensor, atol: Tensor) => solve({ field: swing, t0: 0, t1: 10, y0: array([1.2, 0.3]), rtol, atol }),
      [0, array([0, 0])],
      reference(),
    );
    for (const [rtol, atol] of [
      [1e-4, [1e-3, 1e-3]],
      [1e-9, [1e-8, 1e-10]],
    ] as const) {
      const found = run.callSync(rtol, array([...atol])) as unknown as Found;
      const wanted = solved({ field: swing, t0: 0, t1: 10, y0: array([1.2, 0.3]), rtol, atol: array([...atol]) });
      expect(value(found.y)).toBe(value(wanted.y));
      expect(value(found.statistics.accepted)).toBe(value(wanted.statistics.accepted));
    }
  });

  it("count by component", () => {
    // The second component is a thousand times faster; with a tolerance that does not see it, it does not count.
    const field = (_t: Tensor, y: Tensor): Tensor => stack([neg(at(y, 0)), mul(-100, at(y, 1))]);
    const accepted = (atol: readonly number[]): number =>
      value(
        solved({ field, t0: 0, t1: 0.2, y0: array([1, 1]), rtol: 1e-6, atol: array([...atol]) }).statistics.accepted,
      );
    expect(accepted([1e-9, 1e6])).toBeLessThan(accepted([1e-9, 1e-9]) / 2);
    expect(accepted([1e6, 1e-9])).toBeGreaterThan(accepted([1e-9, 1e6]));
  });

  it("of zero absolute size let a component stay zero", () => {
    const found = solved({ field: (_t, y) => neg(y), t0: 0, t1: 1, y0: array([1, 0]), atol: 0 });
    expect(value(found.status)).toBe(statusCodes.success);
    expect(value(found.y)).toBeCloseTo(Math.exp(-1), 6);
    expect(value(found.y, 1)).toBe(0);
    const away = solved({ field: () => array([1, 2]) as never, t0: 0, t1: 1, y0: array([1, 0]), atol: 0 });
    expect(value(away.y, 1)).toBeCloseTo(2, 12);
  });
});

describe("controls", () => {
  const times = [0, 0.5, 1.5, 2];
  const values = [1, -2, 3, 0.5];
  const ramp = (_t: Tensor, u: Tensor): Tensor => u;
  const integral = (kind: ControlKind, options: Partial<Options> = {}): Found => {
    const input = controls({ times, values: array(values.map((each) => [each])), kind });
    return solved({ field: (t) => ramp(t, input.at(t)), t0: 0, t1: 2, y0: array([0]), controls: input, ...options });
  };

  it("are held between knots, exactly, without a rejected step", () => {
    for (const options of [{}, equal, { ...equal, dt0: 0.3 }]) {
      const found = integral("hold", options);
      expect(Math.abs(value(found.y) - (0.5 - 2 + 1.5))).toBeLessThan(1e-13);
      expect(value(found.statistics.rejected)).toBe(0);
      const back = integral("hold", { t0: 2, t1: 0, ...options });
      expect(Math.abs(value(back.y) + (0.5 - 2 + 1.5))).toBeLessThan(1e-13);
    }
  });

  it("go straight between knots", () => {
    for (const options of [{}, equal]) {
      expect(Math.abs(value(integral("linear", options).y) - (-0.25 + 0.5 + 0.875))).toBeLessThan(1e-12);
    }
  });

  const read = (kind: ControlKind, data: readonly number[], t: number): number =>
    value(
      evaluated(() => {
        const input = controls({ times, values: array([...data]), kind });
        return input.at(full([], t)) as unknown as Tensor;
      }) as HostTensor,
    );

  it("follow parabolas as cubics, pass through their values, and have no kinks", () => {
    const parabola = (t: number): number => 1 + 2 * t - 3 * t * t;
    for (const t of [0, 0.2, 0.5, 1.1, 1.5, 1.9, 2]) {
      expect(read("cubic", times.map(parabola), t)).toBeCloseTo(parabola(t), 13);
    }
    const misses = times.map((t, i) => Math.abs(read("cubic", values, t) - (values[i] as number)));
    expect(Math.max(...misses)).toBeLessThan(1e-14);
    for (const knot of [0.5, 1.5]) {
      const side = (h: number): number => (read("cubic", values, knot + h) - read("cubic", values, knot)) / h;
      expect(Math.abs(side(1e-6) - side(-1e-6))).toBeLessThan(1e-4);
    }
  });

  it.each<ControlKind>(["hold", "linear", "cubic"])("stay at their ends outside (%s)", (kind) => {
    expect(read(kind, values, -3)).toBe(1);
    expect(read(kind, values, 7)).toBeCloseTo(0.5, 15);
  });

  it.each<ControlKind>(["hold", "linear", "cubic"])("have derivatives with respect to their values (%s)", (kind) => {
    const loss = (data: Tensor): Tensor => {
      const input = controls({ times, values: data, kind });
      const field = (t: Tensor, y: Tensor): Tensor => sub(sin(input.at(t) as unknown as Tensor), y);
      return sum(square(solve({ field, t0: 0, t1: 2, y0: array(0.5), controls: input, ...equal, dt0: 0.02 }).y));
    };
    const at0 = array(values) as never;
    const gradient = evaluate(grad(loss), at0) as unknown as HostTensor;
    const run = compile(loss, [array(values)], reference());
    values.forEach((_, i) => {
      const shifted = (h: number): number =>
        value(run.callSync(array(values.map((each, j) => each + (i === j ? h : 0)))) as unknown as HostTensor);
      const h = 1e-2;
      const wanted = (8 * (shifted(h) - shifted(-h)) - (shifted(2 * h) - shifted(-2 * h))) / (12 * h);
      expect(Math.abs(value(gradient, i) - wanted)).toBeLessThan(1e-8);
    });
  });

  it("may differ by member, knots and values", () => {
    const one = (knots: Tensor, data: Tensor): Tensor => {
      const input = controls({ times: knots, values: data });
      const field = (t: Tensor, _y: Tensor): Tensor => input.at(t) as unknown as Tensor;
      return solve({ field, t0: 0, t1: 2, y0: array(0), controls: input }).y;
    };
    const knots = array([
      [0, 0.5, 1],
      [0, 1.2, 1.9],
    ]);
    const data = array([
      [1, 2, 3],
      [-1, 4, 7],
    ]);
    const found = evaluate(vmap(one), knots as never, data as never) as unknown as HostTensor;
    expect(value(found)).toBeCloseTo(0.5 + 1 + 3, 13);
    expect(value(found, 1)).toBeCloseTo(-1.2 + 2.8 + 0.7, 13);
  });

  it.each<[readonly number[], number, ControlKind, string]>([
    [[0, 2, 1], 3, "hold", "Cannot make controls: expected times that increase, got 1 after 2 at index 2"],
    [
      [0, 1],
      3,
      "hold",
      "Cannot make controls: expected at least 1 times and a value for each, got 2 times and 3 values",
    ],
    [
      [0],
      1,
      "linear",
      "Cannot make controls: expected at least 2 times and a value for each, got 1 times and 1 values",
    ],
  ])("refuse %o with %d values (%s)", (knots, count, kind, message) => {
    expect(() => evaluated(() => controls({ times: knots, values: array(new Array(count).fill(0)), kind }))).toThrow(
      message,
    );
  });
});

describe("saved times", () => {
  it("known at run time may be in any order, and outside give the nearer end", () => {
    const run = compile(
      (times: Tensor) => solve({ field: smooth, t0: 0, t1: 3, y0: array(1), rtol: 1e-9, saveAt: { times } }),
      [array([0, 0, 0, 0])],
      reference(),
    );
    const found = run.callSync(array([2.5, 0.1, -7, 12])) as unknown as Found;
    const exact = [2.5, 0.1, 0, 3].map((t) => Math.exp(Math.sin(t)));
    exact.forEach((wanted, i) => {
      expect(value(found.states, i)).toBeCloseTo(wanted, 7);
    });
    expect(value(found.count)).toBe(3);
  });
});

describe("dense output", () => {
  it("is read at one time or many, with its slope", () => {
    const found = evaluated(() => {
      const { at: read, derivativeAt } = solveDense({ field: smooth, t0: 0, t1: 3, y0: array([1]), rtol: 1e-9 });
      return { one: read(1), many: read([2.5, 0.1]), slope: derivativeAt(1), slopes: derivativeAt([0, 2.5]) };
    }) as Record<"one" | "many" | "slope" | "slopes", HostTensor>;
    expect(found.one.shape).toEqual([1]);
    expect(found.many.shape).toEqual([2, 1]);
    const exact = (t: number): number => Math.exp(Math.sin(t));
    expect(value(found.one)).toBeCloseTo(exact(1), 7);
    expect(value(found.many, 1)).toBeCloseTo(exact(0.1), 7);
    expect(value(found.slope)).toBeCloseTo(exact(1) * Math.cos(1), 5);
    expect(value(found.slopes)).toBeCloseTo(1, 5);
    expect(value(found.slopes, 1)).toBeCloseTo(exact(2.5) * Math.cos(2.5), 5);
  });
});
