/**
 * Reversible variable steps, on the Kepler problem with eccentricity 0.8: exact symmetry, order, what is gained over
 * constant steps, and no drift of the energy.
 */
import {
  array,
  compile,
  type HostTensor,
  mul,
  neg,
  pow,
  reference,
  sumOfSquares,
  type Tensor,
  wasm,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { solverNamed } from "../solver/registry.ts";
import type { Solver } from "../solver/solver.ts";
import { solveTimeTransformed } from "./time-transformed.ts";

interface State {
  readonly q: Tensor;
  readonly p: Tensor;
}
type Numbers = { readonly q: readonly number[]; readonly p: readonly number[] };

const field = (_t: Tensor, { q, p }: State): State => ({ q: p, p: neg(mul(q, pow(sumOfSquares(q), -1.5))) });
const size = ({ q }: State): Tensor => pow(sumOfSquares(q), 3 / 4);
const perihelion: Numbers = { q: [0.2, 0], p: [0, 3] };

interface Orbit {
  readonly times: readonly number[];
  readonly q: readonly number[];
  readonly p: readonly number[];
  readonly density: number;
}

interface Run {
  readonly solver?: Solver;
  readonly dt: number;
  readonly steps: number;
  readonly start?: Numbers;
  readonly density?: number;
  readonly even?: boolean;
}

function orbit({ solver, dt, steps, start = perihelion, density, even = false }: Run): Orbit {
  const y0 = { q: array([...start.q]), p: array([...start.p]) };
  const options = { field, dt, steps, ...(solver === undefined ? {} : { solver }) };
  const run = compile(
    (state: State) =>
      solveTimeTransformed({
        ...options,
        y0: state,
        size: even ? one : size,
        ...(density === undefined ? {} : { density }),
      }) as never,
    [y0] as never,
    steps > 500 ? wasm() : reference(),
  );
  const found = run.callSync(y0 as never) as unknown as {
    readonly times: HostTensor;
    readonly states: { readonly q: HostTensor; readonly p: HostTensor };
    readonly density: HostTensor;
  };
  return {
    times: [...found.times.data],
    q: [...found.states.q.data],
    p: [...found.states.p.data],
    density: found.density.data[0] as number,
  };
}

/** 1 at every state: equal steps. */
function one({ q }: State): Tensor {
  return pow(sumOfSquares(q), 0);
}

function last(values: readonly number[]): number {
  return values[values.length - 1] as number;
}

function energies({ q, p, times }: Orbit): number[] {
  return times.map((_, i) => {
    const [x, y, u, v] = [q[2 * i], q[2 * i + 1], p[2 * i], p[2 * i + 1]] as [number, number, number, number];
    return (u * u + v * v) / 2 - 1 / Math.hypot(x, y);
  });
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

describe("solveTimeTransformed", () => {
  it("is undone by turning the velocity", () => {
    const there = orbit({ dt: 0.1, steps: 150 });
    const turned = { q: there.q.slice(-2), p: there.p.slice(-2).map((value) => -value) };
    const back = orbit({ dt: 0.1, steps: 150, start: turned, density: there.density });
    const end = [...back.q.slice(-2), ...back.p.slice(-2), last(back.times)];
    const wanted = [0.2, 0, 0, -3, last(there.times)];
    const distances = end.map((value, i) => value - (wanted[i] as number));
    for (const distance of distances) expect(Math.abs(distance)).toBeLessThan(1e-10);
  });

  it("takes short steps near the centre and long ones far from it", () => {
    const { times } = orbit({ dt: 0.1, steps: 200 });
    const lengths = times.slice(1).map((time, i) => time - (times[i] as number));
    // size is |q|^(3/2), from 0.2 to 1.8.
    expect(Math.max(...lengths) / Math.min(...lengths)).toBeGreaterThan(20);
    expect(Math.max(...lengths) / Math.min(...lengths)).toBeLessThan(27.5);
  });

  it.each([
    ["stormerVerlet", 2],
    ["blanesMoan4", 4],
  ] as const)("converges with the order of %s: %d", (name, order) => {
    const errors = [0.04, 0.02].map((dt) => spread(energies(orbit({ solver: solverNamed(name), dt, steps: 6 / dt }))));
    const measured = Math.log2((errors[0] as number) / (errors[1] as number));
    expect(Math.abs(measured / order - 1)).toBeLessThan(0.05);
  });

  it("does not let the energy drift over 200 revolutions, and beats equal steps of the same number", () => {
    const steps = 30000;
    const varied = orbit({ dt: 0.06, steps });
    const total = varied.times[steps] as number;
    expect(total / (2 * Math.PI)).toBeGreaterThan(200);
    const errors = energies(varied).map((value) => value + 0.5);
    const [early, late] = [errors.slice(0, steps / 5), errors.slice(-steps / 5)];
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    expect(Math.abs(mean(late) - mean(early))).toBeLessThan(0.01 * spread(early));
    const equal = energies(orbit({ dt: total / steps, steps, even: true }));
    expect(spread(equal)).toBeGreaterThan(10 * spread(errors));
  });

  it("refuses solvers that are not symmetric, and steps that are no number of steps", () => {
    expect(() => orbit({ solver: solverNamed("rk4"), dt: 0.1, steps: 3 })).toThrow(
      "Cannot solve in transformed time: expected a symmetric solver, got rk4",
    );
    expect(() => orbit({ dt: 0.1, steps: 2.5 })).toThrow("expected a positive number of steps, got 2.5");
  });
});
