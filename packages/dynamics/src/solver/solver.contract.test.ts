/**
 * What every registered solver promises, measured: its order, the order of its dense output, its evaluations of the
 * field, and, where it claims one, its structure.
 */
import {
  add,
  array,
  at,
  compile,
  evaluate,
  type HostTensor,
  jacobian,
  mul,
  neg,
  pow,
  reference,
  sin,
  square,
  stack,
  sub,
  type Tensor,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { solve } from "../solve/solve.ts";
import { constantStepSize } from "../step-size/step-size.ts";
import { solverNamed, solvers } from "./registry.ts";
import type { Field, Solver } from "./solver.ts";

/** Separable, nonlinear and not autonomous: fit for every solver here. */
const drivenPendulum: Field<Tensor> = (t, y) => stack([at(y, 1), sub(mul(0.3, sin(t)), mul(1.5, sin(at(y, 0))))]);
const y0 = [1.1, -0.4];
const span = 2;
const readAt = Array.from({ length: 40 }, (_, i) => ((i + 0.37) * span) / 40);

interface Run {
  readonly y: readonly number[];
  readonly states: readonly number[];
}

function run(solver: Solver, steps: number, times: readonly number[]): Run {
  const found = evaluate(() =>
    solve({
      field: drivenPendulum,
      t0: 0,
      t1: span,
      y0: array(y0) as unknown as Tensor,
      solver,
      stepSize: constantStepSize(),
      dt0: span / steps,
      saveAt: { times },
    }),
  ) as unknown as { readonly y: HostTensor; readonly states: HostTensor };
  return { y: [...found.y.data], states: [...found.states.data] };
}

const exact = run(solverNamed("dopri5"), 1500, readAt);

/** Slope of ln error over ln steps by least squares, negated. */
function slope(steps: readonly number[], errors: readonly number[]): number {
  const x = steps.map(Math.log);
  const y = errors.map(Math.log);
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = mean(x.map((value, i) => (value - mx) * ((y[i] as number) - my)));
  return -covariance / mean(x.map((value) => (value - mx) ** 2));
}

/** Root mean square difference. */
function distance(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt(a.reduce((total, value, i) => total + (value - (b[i] as number)) ** 2, 0) / a.length);
}

const grids: Readonly<Record<number, readonly number[]>> = {
  2: [100, 160, 250, 400, 640],
  4: [64, 100, 160, 250, 400],
  5: [40, 60, 90, 130, 190],
};

describe.each(solvers.map((solver) => [solver.name, solver] as const))("%s", (_, solver) => {
  it("converges at the stated order, between steps too", () => {
    const steps = grids[solver.order] as readonly number[];
    const runs = steps.map((count) => run(solver, count, readAt));
    const order = slope(
      steps,
      runs.map(({ y }) => distance(y, exact.y)),
    );
    expect(Math.abs(order / solver.order - 1)).toBeLessThan(0.05);
    const between = slope(
      steps,
      runs.map(({ states }) => distance(states, exact.states)),
    );
    const expected = Math.min(solver.order, solver.denseOrder + 1);
    expect(Math.abs(between / expected - 1)).toBeLessThan(0.05);
  });

  it("has a dense output whose error within one step is one order above the stated one", () => {
    const steps = [16, 22, 30, 40, 54];
    const times = steps.map((count) => (0.6 * span) / count);
    const truth = run(solverNamed("dopri5"), 1000, times).states;
    const errors = steps.map((count, i) => {
      const first = run(solver, count, [times[i] as number]).states;
      return distance(first, truth.slice(2 * i, 2 * i + 2));
    });
    expect(Math.abs(slope(steps, errors) / (solver.denseOrder + 1) - 1)).toBeLessThan(0.05);
  });

  it("evaluates the field as often as it states", () => {
    let count = 0;
    const counted: Field<Tensor> = (t, y) => {
      count++;
      return drivenPendulum(t, y);
    };
    evaluate(
      (t: Tensor, h: Tensor, y: Tensor) => {
        const memory = solver.start(counted, t, y);
        expect(count).toBe(solver.startEvaluations);
        const step = solver.step(counted, t, h, y, memory);
        expect(count).toBe(solver.startEvaluations + solver.evaluations);
        expect(step.memory).toHaveLength(memory.length);
        expect(step.error === null).toBe(solver.embeddedOrder === undefined);
        return step.y;
      },
      0 as never,
      0.1 as never,
      array(y0) as never,
    );
  });

  it("cites its source and declares its structure", () => {
    expect(solver.cites.length).toBeGreaterThan(0);
    expect(solver.symplectic).toBe((solver.structure?.form ?? null) !== null);
  });
});

/** max |JᵀΩJ - Ω| / max(1, |J|²) of one step at a state of 2 d numbers. */
function symplecticDefect(solver: Solver, force: (q: Tensor) => Tensor, state: readonly number[], h: number): number {
  const size = state.length;
  const d = size / 2;
  const halves = (y: Tensor): [Tensor, Tensor] => {
    const parts = Array.from({ length: size }, (_, i) => at(y, i));
    return [stack(parts.slice(0, d)), stack(parts.slice(d))];
  };
  const field: Field<Tensor> = (_t, y) => {
    const [q, p] = halves(y);
    const [velocity, acceleration] = [p, force(q)];
    return stack([...halvesToList(velocity, d), ...halvesToList(acceleration, d)]);
  };
  const step = (y: Tensor): Tensor => {
    const t = mul(0, at(y, 0));
    return solver.step(field, t, add(t, h), y, solver.start(field, t, y)).y;
  };
  const derivative = compile(jacobian(step) as (y: Tensor) => Tensor, [array([...state])], reference());
  const jacobianMatrix = (derivative.callSync(array([...state])) as unknown as HostTensor).data;
  const entry = (i: number, j: number): number => jacobianMatrix[i * size + j] as number;
  let norm = 1;
  let defect = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      norm = Math.max(norm, Math.abs(entry(i, j)) ** 2);
      let total = 0;
      for (let k = 0; k < d; k++) total += entry(k, i) * entry(k + d, j) - entry(k + d, i) * entry(k, j);
      const omega = j === i + d ? 1 : i === j + d ? -1 : 0;
      defect = Math.max(defect, Math.abs(total - omega));
    }
  }
  return defect / norm;
}

function halvesToList(x: Tensor, d: number): Tensor[] {
  return Array.from({ length: d }, (_, i) => at(x, i));
}

/** Hénon–Heiles: V = (x² + y²)/2 + x² y - y³/3. */
const henonHeiles = (q: Tensor): Tensor => {
  const [x, y] = [at(q, 0), at(q, 1)];
  return stack([neg(add(x, mul(2, x, y))), neg(add(y, sub(square(x), square(y))))]);
};
/** Three particles between walls, springs with a cubic term (FPUT). */
const chain = (q: Tensor): Tensor => {
  const [a, b, c] = [at(q, 0), at(q, 1), at(q, 2)];
  const pull = (stretch: Tensor): Tensor => add(stretch, mul(0.7, pow(stretch, 3)));
  return stack([
    sub(pull(sub(b, a)), pull(a)),
    sub(pull(sub(c, b)), pull(sub(b, a))),
    sub(pull(neg(c)), pull(sub(c, b))),
  ]);
};

describe("symplectic structure", () => {
  const declared = solvers.filter(({ symplectic }) => symplectic);

  it.each(declared.map((solver) => [solver.name, solver] as const))(
    "%s keeps it in 4 and 6 dimensions",
    (_, solver) => {
      expect(symplecticDefect(solver, henonHeiles, [0.3, -0.2, 0.4, 0.1], 0.3)).toBeLessThan(1e-12);
      expect(symplecticDefect(solver, chain, [0.3, -0.2, 0.4, 0.1, 0.7, -0.5], 0.3)).toBeLessThan(1e-12);
    },
  );

  it("is lost by a solver that does not claim it, so that the test can fail", () => {
    expect(symplecticDefect(solverNamed("rk4"), henonHeiles, [0.3, -0.2, 0.4, 0.1], 0.3)).toBeGreaterThan(1e-8);
  });
});

describe("registry", () => {
  it("names what there is when a name is unknown", () => {
    expect(() => solverNamed("rk5")).toThrow(
      "Cannot find a solver: expected one of rk4, dopri5, tsit5, stormerVerlet, got rk5",
    );
  });
});
