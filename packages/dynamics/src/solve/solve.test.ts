import {
  add,
  array,
  at,
  compile,
  cos,
  evaluate,
  exp,
  greater,
  type HostTensor,
  log,
  mul,
  neg,
  reference,
  select,
  sin,
  square,
  stack,
  type Tensor,
  type Traced,
  vmap,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { dopri5 } from "../solver/dopri5.ts";
import { rk4 } from "../solver/rk4.ts";
import { stormerVerlet } from "../solver/stormer-verlet.ts";
import { tsit5 } from "../solver/tsit5.ts";
import { pid } from "../step-size/pid.ts";
import { constantStepSize } from "../step-size/step-size.ts";
import type { SolveOptions } from "./options.ts";
import { solve, solveDense } from "./solve.ts";
import { statusNames } from "./status.ts";

interface Found {
  readonly t: HostTensor;
  readonly y: HostTensor;
  readonly times: HostTensor;
  readonly states: HostTensor;
  readonly count: HostTensor;
  readonly status: HostTensor;
  readonly statistics: {
    readonly accepted: HostTensor;
    readonly rejected: HostTensor;
    readonly fieldEvaluations: HostTensor;
  };
}

type Options = Omit<SolveOptions<Tensor, undefined>, "y0"> & { readonly y0: HostTensor };

const solved = (options: Options): Found =>
  evaluate((y0: Tensor) => solve({ ...options, y0 }), options.y0 as unknown as Tensor) as unknown as Found;
const value = (tensor: HostTensor, i = 0): number => tensor.data[i] as number;
const statusOf = ({ status }: Found): string => statusNames[value(status)] as string;

/** The extrapolation code of Hairer and Wanner; its own types do not pass our compiler options. */
interface Odex {
  readonly Solver: new (
    size: number,
  ) => {
    absoluteTolerance: number;
    relativeTolerance: number;
    solve(f: (x: number, y: number[]) => number[], x0: number, y0: number[], x1: number): { readonly y: number[] };
  };
}
const odexModule: string = "odex";

/** A pendulum: nonlinear, smooth, two numbers. */
const pendulum = (_t: Tensor, y: Tensor): Tensor => stack([at(y, 1), neg(sin(at(y, 0)))]);
const start = array([1.2, 0.3]);
/** y = exp(sin t). */
const known = (t: Tensor, y: Tensor): Tensor => mul(y, cos(t));

describe("solve with adaptive steps", () => {
  it.each([tsit5, dopri5])("$name meets its tolerance at saved times", (solver) => {
    const times = [0, 0.37, 1.1, 2, 5];
    const found = solved({
      field: known,
      t0: 0,
      t1: 5,
      y0: array([1]),
      solver,
      rtol: 1e-8,
      atol: 1e-10,
      saveAt: { times },
    });
    expect(statusOf(found)).toBe("success");
    expect(value(found.t)).toBe(5);
    expect(value(found.count)).toBe(5);
    times.forEach((t, i) => {
      expect(Math.abs(value(found.states, i) - Math.exp(Math.sin(t)))).toBeLessThan(3e-7);
    });
    const { accepted, rejected, fieldEvaluations } = found.statistics;
    expect(value(fieldEvaluations)).toBe(2 + 6 * (value(accepted) + value(rejected)));
  });

  it("agrees with an independent code on the Brusselator", async () => {
    const field = (_t: Tensor, y: Tensor): Tensor => {
      const [a, b] = [at(y, 0), at(y, 1)];
      return stack([add(1, mul(square(a), b), mul(-4, a)), add(mul(3, a), neg(mul(square(a), b)))]);
    };
    const found = solved({ field, t0: 0, t1: 8, y0: array([1.5, 3]), rtol: 1e-10, atol: 1e-12 });
    const odex = ((await import(odexModule)) as { readonly default: Odex }).default;
    const other = new odex.Solver(2);
    other.absoluteTolerance = 1e-12;
    other.relativeTolerance = 1e-12;
    const brusselator = (_x: number, [a, b]: number[]): number[] => {
      const [p, q] = [a as number, b as number];
      return [1 + p * p * q - 4 * p, 3 * p - p * p * q];
    };
    const { y } = other.solve(brusselator, 0, [1.5, 3], 8);
    expect(Math.abs(value(found.y) - (y[0] as number))).toBeLessThan(1e-8);
    expect(Math.abs(value(found.y, 1) - (y[1] as number))).toBeLessThan(1e-8);
  });

  it("goes backward in time to where it came from", () => {
    const tight = { field: pendulum, rtol: 1e-10, atol: 1e-12 };
    const there = solved({ ...tight, t0: 1, t1: 6, y0: start });
    const back = solved({ ...tight, t0: 6, t1: 1, y0: there.y, saveAt: { times: [6, 3, 1] } });
    expect(statusOf(back)).toBe("success");
    expect(value(back.t)).toBe(1);
    expect(Math.abs(value(back.y) - 1.2)).toBeLessThan(1e-8);
    const middle = solved({ ...tight, t0: 1, t1: 3, y0: start });
    expect(Math.abs(value(back.states, 2) - value(middle.y))).toBeLessThan(1e-8);
  });

  it("returns the start on a span of length zero", () => {
    const found = solved({ field: pendulum, t0: 2, t1: 2, y0: start, saveAt: { times: [2, 2] } });
    expect(statusOf(found)).toBe("success");
    expect([...found.y.data]).toEqual([1.2, 0.3]);
    expect([...found.states.data]).toEqual([1.2, 0.3, 1.2, 0.3]);
    expect(value(found.statistics.accepted)).toBe(0);
  });

  it.each<[string, string, Partial<Options>]>([
    ["a blow-up at t = 1", "stepSizeUnderflow", { field: (_t, y) => square(y) }],
    ["too few slots", "maxStepsReached", { field: pendulum, y0: start, maxSteps: 3 }],
    ["a field that is not a number from the start", "nonFinite", { field: (_t, y) => log(mul(-1, y)) }],
    ["a field that becomes infinite", "nonFinite", { field: (t, y) => select(greater(t, 0.5), mul(y, Infinity), y) }],
    ["a start that is not finite", "nonFinite", { y0: array([Number.NaN]) }],
  ])("turns %s into the status %s", (_, status, options) => {
    const found = solved({ field: known, t0: 0, t1: 10, y0: array([1]), ...options });
    expect(statusOf(found)).toBe(status);
    expect(value(found.t)).toBeLessThan(10);
    if (status === "stepSizeUnderflow") expect(value(found.t)).toBeCloseTo(1, 4);
  });

  it("keeps the steps, and the last state in the slots that are left", () => {
    const found = solved({
      field: pendulum,
      t0: 0,
      t1: 2,
      y0: start,
      saveAt: { steps: true },
      maxSteps: 64,
      rtol: 1e-5,
    });
    const count = value(found.count);
    expect(count).toBe(value(found.statistics.accepted) + 1);
    const times = [...found.times.data];
    expect(times.slice(0, count)).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(times[count - 1]).toBe(2);
    expect(times).toHaveLength(65);
    expect(Array.from(found.states.data.slice(0, 2))).toEqual([1.2, 0.3]);
    expect(Array.from(found.states.data.slice(-2))).toEqual([...found.y.data]);
    expect(Array.from(found.states.data.slice(2 * count - 2, 2 * count))).toEqual([...found.y.data]);
  });

  it("gives the same end without recording", () => {
    const options = { field: pendulum, t0: 0, t1: 7, y0: start };
    expect(solved({ ...options, adjoint: "none" }).y).toEqual(solved(options).y);
  });

  it("solves trees of float32 with float64 times", () => {
    const found = evaluate(() => {
      const y0 = {
        a: array(Float32Array.of(1)),
        b: [array(Float32Array.of(0, 1))],
      };
      const field = (_t: Tensor, { a, b }: Traced<typeof y0>): Traced<typeof y0> => {
        const pair = b[0] as Tensor;
        return { a: neg(a), b: [stack([at(pair, 1), neg(at(pair, 0))])] };
      };
      return solve({ field, t0: 0, t1: 1, y0, rtol: 1e-5, atol: 1e-6 });
    }) as unknown as {
      readonly t: HostTensor;
      readonly y: { readonly a: HostTensor; readonly b: readonly HostTensor[] };
    };
    expect(found.t.dtype).toBe("float64");
    expect(found.y.a.dtype).toBe("float32");
    expect(value(found.y.a)).toBeCloseTo(Math.exp(-1), 4);
    expect(value(found.y.b[0] as HostTensor)).toBeCloseTo(Math.sin(1), 4);
  });

  it("takes twice the steps for a tolerance 32 times smaller", () => {
    const loose = solved({
      field: pendulum,
      t0: 0,
      t1: 20,
      y0: start,
      stepSize: pid({ proportional: 0, integral: 1 }),
    });
    const tight = solved({
      field: pendulum,
      t0: 0,
      t1: 20,
      y0: start,
      stepSize: pid({ proportional: 0, integral: 1 }),
      rtol: 1e-6 / 32,
      atol: 1e-9 / 32,
    });
    const ratio = value(tight.statistics.accepted) / value(loose.statistics.accepted);
    expect(ratio).toBeGreaterThan(1.8);
    expect(ratio).toBeLessThan(2.2);
  });

  it("can be read at any time afterwards", () => {
    const found = evaluate(
      (t: Tensor, y0: Tensor) => solveDense({ field: known, t0: 0, t1: 3, y0, rtol: 1e-9 }).at(t),
      array([2.5, 0.1]) as never,
      array([1]) as never,
    ) as unknown as HostTensor;
    expect(value(found)).toBeCloseTo(Math.exp(Math.sin(2.5)), 7);
    expect(value(found, 1)).toBeCloseTo(Math.exp(Math.sin(0.1)), 7);
  });
});

describe("solve with equal steps", () => {
  it("divides the span into steps of at most dt0", () => {
    const found = solved({
      field: known,
      t0: 0,
      t1: 1,
      y0: array([1]),
      solver: rk4,
      stepSize: constantStepSize(),
      dt0: 0.3,
      saveAt: { steps: true },
    });
    expect([...found.times.data]).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(value(found.states, 4)).toBeCloseTo(Math.exp(Math.sin(1)), 4);
    expect(value(found.statistics.fieldEvaluations)).toBe(16);
  });

  it("keeps the energy of a pendulum over long times with Störmer–Verlet", () => {
    const found = solved({
      field: pendulum,
      t0: 0,
      t1: 500,
      y0: start,
      solver: stormerVerlet,
      stepSize: constantStepSize(),
      dt0: 0.1,
      maxSteps: 5000,
    });
    const energy = (q: number, p: number): number => (p * p) / 2 - Math.cos(q);
    expect(Math.abs(energy(value(found.y), value(found.y, 1)) - energy(1.2, 0.3))).toBeLessThan(2e-3);
  });

  it("decides the number of steps at run time when the end is a tensor", () => {
    const run = compile(
      (t1: Tensor) =>
        solve({
          field: known,
          t0: 0,
          t1,
          y0: array([1]),
          solver: rk4,
          stepSize: constantStepSize(),
          dt0: 0.01,
          maxSteps: 300,
        }),
      [0],
      reference(),
    );
    const one = run.callSync(1) as unknown as Found;
    expect(value(one.y)).toBeCloseTo(Math.exp(Math.sin(1)), 8);
    expect(value(one.statistics.accepted)).toBe(100);
    const back = run.callSync(-2) as unknown as Found;
    expect(value(back.y)).toBeCloseTo(Math.exp(Math.sin(-2)), 8);
    const far = run.callSync(5) as unknown as Found;
    expect(statusOf(far)).toBe("maxStepsReached");
    expect(value(far.t)).toBeCloseTo(3, 12);
  });

  it("says so when the state leaves the numbers", () => {
    const found = solved({
      field: (_t, y) => exp(square(y)),
      t0: 0,
      t1: 3,
      y0: array([1]),
      solver: rk4,
      stepSize: constantStepSize(),
      dt0: 0.1,
    });
    expect(statusOf(found)).toBe("nonFinite");
  });
});

describe("batches", () => {
  it("give every lane its own steps and its own status", () => {
    const lanes = vmap((y0: Tensor) => solve({ field: (_t, y: Tensor) => square(y), t0: 0, t1: 2, y0 }));
    const found = evaluate(lanes, array([[0.2], [1], [-3]]) as never) as unknown as Found;
    expect([...found.status.data].map((code) => statusNames[code])).toEqual([
      "success",
      "stepSizeUnderflow",
      "success",
    ]);
    expect(value(found.y)).toBeCloseTo(0.2 / (1 - 0.4), 5);
    expect(value(found.y, 2)).toBeCloseTo(-3 / 7, 5);
    const alone = solved({ field: (_t, y) => square(y), t0: 0, t1: 2, y0: array([-3]) });
    expect(value(found.statistics.accepted, 2)).toBe(value(alone.statistics.accepted));
  });
});

describe("wrong use", () => {
  const message = (options: Partial<Options>): string => {
    try {
      solved({ field: pendulum, t0: 0, t1: 1, y0: start, ...options });
      return "none";
    } catch (error) {
      return (error as Error).message.split("\n")[0] as string;
    }
  };

  it.each<[string, Partial<Options>]>([
    [
      "Cannot solve: expected the field to return what the state is, float64[2], got float64[]",
      { field: (_t, y) => at(y, 0) },
    ],
    ["Cannot solve: expected a state of float32 or float64 tensors, got int32[2]", { y0: array(Int32Array.of(1, 2)) }],
    [
      "Cannot solve: expected rtol of at least 8.9e-16 for this element type and atol not negative, got rtol 1e-17 and atol 1e-9",
      { rtol: 1e-17 },
    ],
    ["Cannot solve with adaptive steps: expected a solver with an error estimate, got rk4", { solver: rk4 }],
    [
      "Cannot solve with adaptive steps: expected a solver with an error estimate, got stormerVerlet; choosing its steps from errors would lose the symplectic structure",
      { solver: stormerVerlet },
    ],
    ["Cannot solve with equal steps: expected a positive dt0, got none", { stepSize: constantStepSize() }],
    ["Cannot solve: expected a positive dt0, got -0.1", { stepSize: constantStepSize(), dt0: -0.1 }],
    [
      "Cannot split a state: expected an object of positions and momenta, or a tensor of both, got a tensor with 3 numbers along its last axis",
      { solver: stormerVerlet, stepSize: constantStepSize(), dt0: 0.1, y0: array([1, 2, 3]), field: (_t, y) => y },
    ],
  ])("%s", (expected, options) => {
    expect(message(options)).toBe(expected);
  });
});
