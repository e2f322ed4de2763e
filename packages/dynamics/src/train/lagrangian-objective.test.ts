import { evaluate, type HostTensor, leavesOf, reference, sum, valueAndGrad } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { lagrangianOde } from "../model/lagrangian-ode.ts";
import { hostRandom } from "../random/host-random.ts";
import type { SavedState } from "./checkpoint.ts";
import { lagrangianObjective } from "./lagrangian-objective.ts";
import { timesAt } from "./motion-objective.ts";
import { trainLagrangianOde } from "./train-lagrangian-ode.ts";

const ode = lagrangianOde({ dimensions: 2, hidden: [4], metricHidden: [4], startHidden: [4] });
const times = [-1.2, -0.4, 0.3, 1.1];
const random = hostRandom(3);
const positions = Float64Array.from({ length: 5 * times.length * 2 }, () => random.normal());
const data = { times, positions, count: 5 };
const solver = { kind: "fixed", substeps: 2 } as const;
const parameters = ode.init(1, "float64");
const numbersOf = (tree: unknown): readonly number[] =>
  leavesOf(tree).flatMap((leaf) => [...((leaf as HostTensor).data as Float64Array)]);
const sizeOf = (tree: unknown): number => Math.hypot(...numbersOf(tree));
const difference = (a: unknown, b: unknown): readonly number[] => {
  const others = numbersOf(b);
  return numbersOf(a).map((x, i) => x - (others[i] as number));
};

/** Terms and direction of a step, with all times in use. */
function stepWith(weight: number, clip = { field: 0.05, metric: 5 }) {
  const objective = lagrangianObjective(ode, data, { weight, clip, batch: 3, solver, seed: 2, dtype: "float64" });
  const batch = objective.batch(random, 1, 10_000);
  const found = evaluate(objective.descent as never, parameters, batch);
  const [terms, direction] = found as unknown as [HostTensor, typeof parameters];
  return { objective, batch, terms: [...terms.data], direction };
}

describe("lagrangianObjective", () => {
  it("descends along the gradient of the error where the metric has no weight", () => {
    const { objective, batch, terms, direction } = stepWith(0);
    const slope = valueAndGrad((tree: typeof parameters) => sum(objective.loss(tree, batch as never)));
    const [value, gradient] = evaluate(slope as never, parameters) as unknown as [HostTensor, typeof parameters];
    expect(terms[0]).toBeCloseTo(value.data[0] as number, 13);
    for (const rest of difference(gradient, direction)) expect(Math.abs(rest)).toBeLessThan(1e-13);
    expect(sizeOf(direction.metric)).toBe(0);
  });

  it("adds the metric's gradient, cut by itself, to f and g and to nothing else", () => {
    const plain = stepWith(0).direction;
    const free = stepWith(1000, { field: 1e9, metric: 1e9 }).direction;
    const cut = stepWith(1000).direction;
    expect(difference(cut.start, plain.start).every((rest) => rest === 0)).toBe(true);
    const onField = difference(cut.field, plain.field);
    const freely = difference(free.field, plain.field);
    expect(Math.hypot(...onField)).toBeCloseTo(0.05, 6);
    const ratio = Math.hypot(...onField) / Math.hypot(...freely);
    onField.forEach((part, i) => {
      expect(part).toBeCloseTo(ratio * (freely[i] as number), 10);
    });
    expect(sizeOf(cut.metric)).toBeCloseTo(5, 4);
    expect(sizeOf(free.metric)).toBeGreaterThan(5);
  });

  it("does not look at times that are not in use yet", () => {
    const objective = lagrangianObjective(ode, data, { batch: 5, solver, seed: 2, dtype: "float64" });
    const few = { ...data, positions: positions.map((x, i) => (Math.floor(i / 2) % times.length < 2 ? x : 1e6)) };
    const other = lagrangianObjective(ode, few, { batch: 5, solver, seed: 2, dtype: "float64" });
    const [batch, changed] = [objective.batch(random, 0, 0), other.batch(random, 0, 0)];
    const ends = [batch, changed].map(
      (each) => evaluate(objective.descent as never, parameters, each) as unknown as [HostTensor, unknown],
    );
    expect(ends[0]?.[0].data).toEqual(ends[1]?.[0].data);
    expect(difference(ends[0]?.[1], ends[1]?.[1]).every((rest) => rest === 0)).toBe(true);
  });

  it("takes more times as the training goes on", () => {
    expect([0, 1200, 2000, 4972, 4973].map((step) => timesAt(step, 100, 1200))).toEqual([10, 50, 81, 99, 100]);
    expect(timesAt(0, 7, 1200)).toBe(2);
  });
});

describe("trainLagrangianOde", () => {
  const given = {
    ode,
    times,
    positions,
    steps: 40,
    batch: 4,
    halfTimesAt: 5,
    dtype: "float64",
    target: reference(),
  } as const;

  it("lowers the error, and gives the same numbers after an interruption", async () => {
    const marks = [4, 20];
    const whole = await trainLagrangianOde({ ...given, solver, rate: 0.01, marks });
    expect(whole.status).toBe("finished");
    const last = (whole.terms[0] as number[]).at(-1) as number;
    expect(last).toBeLessThan(0.9 * Math.max(...(whole.terms[0] as number[])));
    let kept: SavedState | null = null;
    const stop = new AbortController();
    await trainLagrangianOde({
      ...given,
      solver,
      rate: 0.01,
      marks,
      signal: stop.signal,
      onStep: (step) => step >= 8 && stop.abort(),
      checkpoints: {
        last: null,
        offer: async (state, { now }) => {
          if (now) kept = state();
        },
      },
    });
    expect(kept).not.toBeNull();
    const rest = await trainLagrangianOde({
      ...given,
      solver,
      rate: 0.01,
      marks,
      checkpoints: { last: kept, offer: async () => {} },
    });
    expect(rest.parameters).toEqual(whole.parameters);
    expect(whole.marked.map(({ steps }) => steps)).toEqual(marks);
    expect(rest.marked).toEqual(whole.marked);
    const short = await trainLagrangianOde({ ...given, solver, rate: 0.01, steps: 4 });
    expect(whole.marked[0]?.parameters).toEqual(short.parameters);
  });

  it("begins anew from other parameters where a training fails, and says when none succeeds", async () => {
    const impossible = { kind: "adaptive", maxSteps: 1 } as const;
    const { status, restarts } = await trainLagrangianOde({
      ...given,
      steps: 100,
      weight: 0,
      solver: impossible,
      restarts: 1,
    });
    expect([status, restarts]).toEqual(["diverged", 1]);
  });

  it("refuses positions that do not fit the times", async () => {
    await expect(trainLagrangianOde({ ...given, positions: positions.slice(2) })).rejects.toThrow(
      "Cannot train on motions: expected positions [N, 4, 2], got 38 numbers\n" +
        "Give every trajectory at all times, coordinate by coordinate at each time.",
    );
  });
});
