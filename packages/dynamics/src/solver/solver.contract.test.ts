/**
 * What every registered solver promises, measured: its order, the order of its dense output and of its error estimate,
 * its evaluations of the field. Structure is measured in `structure.test.ts`.
 */
import {
  add,
  array,
  compile,
  cos,
  evaluate,
  type HostTensor,
  mul,
  neg,
  pow,
  reshape,
  sin,
  sqrt,
  square,
  sub,
  sum,
  sumOfSquares,
  type Tensor,
  wasm,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { solve } from "../solve/solve.ts";
import { constantStepSize } from "../step-size/step-size.ts";
import { solverNamed, solvers } from "./registry.ts";
import type { Field, Solver } from "./solver.ts";

/** Four motions side by side: tensors [4]. */
interface Motions {
  readonly q: Tensor;
  readonly p: Tensor;
}

/** A nonlinear problem that is not autonomous, and its solutions as points [q, p]. */
interface ExactProblem {
  readonly field: Field<Motions>;
  readonly exact: (t: number) => { readonly q: readonly number[]; readonly p: readonly number[] };
}

/** Kepler orbits of these eccentricities: q = (cos E - e, sqrt(1 - e²) sin E), E - e sin E = time from perihelion. */
const eccentricities = [0.2, 0.3, 0.4, 0.5];

/** Kepler orbits in a time that runs unevenly: y' = g(t) f(y), g = 1 + cos(t) / 2. */
const orbits: ExactProblem = {
  field: (t, { q, p }) => {
    const rate = add(1, mul(0.5, cos(t)));
    const pull = pow(sum(square(q), 0), -1.5);
    return { q: mul(rate, p), p: neg(mul(rate, mul(q, pull))) };
  },
  exact: (t) => {
    const places = eccentricities.map((e) => {
      const time = 1 + t + 0.5 * Math.sin(t);
      let anomaly = time + e * Math.sin(time);
      for (let k = 0; k < 20; k++) anomaly -= (anomaly - e * Math.sin(anomaly) - time) / (1 - e * Math.cos(anomaly));
      const [c, s, root] = [Math.cos(anomaly), Math.sin(anomaly), Math.sqrt(1 - e * e)];
      const rate = 1 / (1 - e * c);
      return { q: [c - e, root * s], p: [-s * rate, root * c * rate] } as const;
    });
    return {
      q: [0, 1].flatMap((k) => places.map(({ q }) => q[k] as number)),
      p: [0, 1].flatMap((k) => places.map(({ p }) => p[k] as number)),
    };
  },
};

const phases = [0.4, 1.9, 3.1, 4.8];

/** q'' = -sin q + g(t), with g such that q = 0.9 cos(1.3 t + phase): separable and of second order. */
const drivenPendulum: ExactProblem = {
  field: (t, { q, p }) => {
    const wanted = mul(0.9, cos(add(mul(1.3, t), array(phases))));
    return { q: p, p: sub(sub(sin(wanted), mul(1.69, wanted)), sin(q)) };
  },
  exact: (t) => ({
    q: phases.map((phase) => 0.9 * Math.cos(1.3 * t + phase)),
    p: phases.map((phase) => -1.17 * Math.sin(1.3 * t + phase)),
  }),
};

/** The state of the problem at a time, on the host. */
function stateAt({ exact }: ExactProblem, t: number): Motions {
  const { q, p } = exact(t);
  const shaped = (values: readonly number[]): Tensor =>
    reshape(array([...values]) as unknown as Tensor, values.length === 8 ? [2, 4] : [4]);
  return { q: shaped(q), p: shaped(p) };
}

const problemFor = ({ structure }: Solver): ExactProblem =>
  structure === undefined || structure.field === "any" ? orbits : drivenPendulum;

const span = 2;
const mostSteps = 1600;

const readings = 40;

/** The error of the states at `readings` times, when a solver goes from 0 to t1 in equal steps of length h. */
type ErrorOf = (t1: number, h: number, times: readonly number[]) => number;

const errorsOf = new Map<Solver, ErrorOf>();

/** The errors of a solver: one compilation for all measurements. */
function errorOf(solver: Solver): ErrorOf {
  const found = errorsOf.get(solver) ?? compiledError(solver);
  errorsOf.set(solver, found);
  return found;
}

function compiledError(solver: Solver): ErrorOf {
  const problem = problemFor(solver);
  const run = compile(
    (t1: Tensor, h: Tensor, times: Tensor) => {
      const options = { field: problem.field, t0: 0, t1, y0: stateAt(problem, 0), solver, dt0: h, saveAt: { times } };
      const { states } = solve({ ...options, stepSize: constantStepSize(), maxSteps: mostSteps });
      return [states.q, states.p];
    },
    [array(1), array(1), array(new Float64Array(readings))] as never,
    wasm(),
  );
  return (t1, h, times) => {
    const found = run.callSync(array(t1) as never, array(h) as never, array([...times]) as never);
    const exact = [times.flatMap((t) => problem.exact(t).q), times.flatMap((t) => problem.exact(t).p)];
    return distance(
      (found as unknown as readonly HostTensor[]).flatMap(({ data }) => [...data]),
      exact.flat(),
    );
  };
}

/** The size of the error estimate of a first step of length h. */
function estimateOf(solver: Solver): (h: number) => number {
  const problem = problemFor(solver);
  const squaredNorm = (error: Motions | null): Tensor => add(sumOfSquares(error?.q ?? 0), sumOfSquares(error?.p ?? 0));
  const run = compile(
    (t: Tensor, h: Tensor) => {
      const y = stateAt(problem, 0);
      const step = solver.step(problem.field, t, h, y, solver.start(problem.field, t, y));
      return sqrt(step.squaredError?.(squaredNorm) ?? squaredNorm(step.error));
    },
    [array(0), array(0)] as never,
    wasm(),
  );
  return (h) => (run.callSync(array(0) as never, array(h) as never) as unknown as HostTensor).data[0] as number;
}

/** Root mean square difference. */
function distance(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt(b.reduce((total, value, i) => total + (value - (a[i] as number)) ** 2, 0) / b.length);
}

/** An error of this size is not yet rounding. */
const smallest = 5e-14;

/** The slope of ln error over ln h by least squares, over the six shortest steps whose errors are not rounding. */
function measuredOrder(steps: readonly number[], error: (h: number) => number): number {
  const usable: (readonly [number, number])[] = [];
  for (const h of steps) {
    const found = error(h);
    if (found < smallest) break;
    usable.push([Math.log(h), Math.log(found)]);
  }
  const points = usable.slice(-6);
  expect(points.length).toBe(6);
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const covariance = mean(points.map(([x, y]) => (x - mx) * (y - my)));
  return covariance / mean(points.map(([x]) => (x - mx) ** 2));
}

const ladder = (length: number, ratio: number): number[] => Array.from({ length }, (_, i) => ratio ** i);

/** Times from 0 to t1, none of them a whole step. */
const within = (t1: number): number[] => Array.from({ length: readings }, (_, i) => ((i + 0.37) * t1) / readings);

describe.each(solvers.map((solver) => [solver.name, solver] as const))("%s", (_, solver) => {
  it("converges at the stated order, between steps too", () => {
    const counts = ladder(33, 1.2).map((factor) => 4 * Math.round(factor));
    const steps = [...new Set(counts)].map((count) => span / count);
    const orderAt = (times: readonly number[]): number => measuredOrder(steps, (h) => errorOf(solver)(span, h, times));
    // Every step count is a multiple of four.
    const afterSteps = orderAt(Array.from({ length: readings }, (_, i) => (((i % 4) + 1) * span) / 4));
    const between = orderAt(within(span));
    expect(Math.abs(afterSteps / solver.order - 1)).toBeLessThan(0.05);
    expect(Math.abs(between / Math.min(solver.order, solver.denseOrder + 1) - 1)).toBeLessThan(0.05);
  });

  it("has a dense output whose error within one step is one order above the stated one", () => {
    const steps = ladder(22, 0.84).map((factor) => 0.5 * factor);
    const order = measuredOrder(steps, (h) => errorOf(solver)(h, h, within(h)));
    expect(Math.abs(order / (solver.denseOrder + 1) - 1)).toBeLessThan(0.05);
  });

  const { embeddedOrder } = solver;
  if (embeddedOrder !== undefined) {
    it("has an error estimate that shrinks as it states", () => {
      const steps = ladder(22, 0.84).map((factor) => 0.5 * factor);
      const order = measuredOrder(steps, estimateOf(solver));
      expect(Math.abs(order / (embeddedOrder + 1) - 1)).toBeLessThan(0.05);
    });
  }

  it("evaluates the field as often as it states", () => {
    const problem = problemFor(solver);
    let count = 0;
    const counted: Field<Motions> = (t, y) => {
      count++;
      return problem.field(t, y);
    };
    evaluate(
      (t: Tensor, h: Tensor) => {
        const y = stateAt(problem, 0);
        const memory = solver.start(counted, t, y);
        expect(count).toBe(solver.startEvaluations);
        const step = solver.step(counted, t, h, y, memory);
        expect(count).toBe(solver.startEvaluations + solver.evaluations);
        expect(step.memory).toHaveLength(memory.length);
        expect(step.error === null).toBe(solver.embeddedOrder === undefined);
        return step.y;
      },
      array(0) as never,
      array(0.1) as never,
    );
  });

  it("cites its source and declares its structure", () => {
    expect(solver.cites.length).toBeGreaterThan(0);
    expect(solver.symplectic).toBe((solver.structure?.form ?? null) !== null);
  });
});

describe("registry", () => {
  it("names what there is when a name is unknown", () => {
    expect(() => solverNamed("rk5")).toThrow(
      `Cannot find a solver: expected one of ${solvers.map(({ name }) => name).join(", ")}, got rk5`,
    );
  });
});
