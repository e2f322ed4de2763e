import {
  add,
  array,
  concatenate,
  evaluate,
  full,
  grad,
  type HostTensor,
  hessian,
  jvp,
  matmul,
  reshape,
  slice,
  sub,
  type Tensor,
  vmap,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { hostRandom } from "../../random/host-random.ts";
import { chargedParticle } from "../../system/charged-particle.ts";
import { doublePendulum } from "../../system/double-pendulum.ts";
import { simulate } from "../../system/simulate.ts";
import type { System } from "../../system/system.ts";
import { systemScalar } from "../../system/system-field.ts";
import { lagrangianOfMetric } from "./lagrangian-of-metric.ts";
import { gravity, type KnownMetric, knownMetrics, stiffness } from "./testing/known-metrics.ts";

type Row = readonly [t: number, x1: number, x2: number, v1: number, v2: number];
type PointFunction = (t: Tensor, x: Tensor, v: Tensor) => Tensor;

const known = (name: string): KnownMetric => knownMetrics.find((each) => each.name === name) as KnownMetric;

/** Values at rows of time, position and velocity. */
function over(n: number, f: PointFunction, rows: readonly (readonly number[])[]): HostTensor {
  const at = (row: Tensor): Tensor =>
    f(reshape(slice(row, 0, 0, 1), []), slice(row, 0, 1, 1 + n), slice(row, 0, 1 + n, 1 + 2 * n));
  return evaluate(vmap(at), array(rows as number[][])) as HostTensor;
}

function drawn(n: number, count: number): number[][] {
  const random = hostRandom(3);
  return Array.from({ length: count }, () => Array.from({ length: 1 + 2 * n }, () => 0.6 + 0.8 * random.uniform()));
}

function largest({ data }: HostTensor): number {
  return Math.max(...Array.from(data, (value) => Math.abs(Number(value))));
}

describe("lagrangianOfMetric", () => {
  it.each(knownMetrics.filter(({ dimensions }) => dimensions < 4))("gives a Lagrangian of $name", (each) => {
    const { dimensions: n, field, metric } = each;
    const [reference, velocity] = [1, 0.3].map((value) => new Array<number>(n).fill(value)) as [number[], number[]];
    const { lagrangian, energy } = lagrangianOfMetric({ field, metric, reference, velocity });
    const rows = drawn(n, 4);
    const bent: PointFunction = (t, x, v) => sub(hessian((u) => lagrangian(t, x, u))(v), metric(t, x, v));
    expect(largest(over(n, bent, rows))).toBeLessThan(1e-11 * largest(over(n, metric, rows)));

    const momentum: PointFunction = (t, x, v) => grad((u: Tensor) => lagrangian(t, x, u))(v);
    const force: PointFunction = (t, x, v) => grad((u: Tensor) => lagrangian(t, u, v))(x);
    const motion = (t: Tensor, x: Tensor, v: Tensor): Tensor[] => [full([], 1, t.dtype), v, field(t, x, v)];
    const left: PointFunction = (t, x, v) => sub(jvp(momentum, [t, x, v], motion(t, x, v))[1], force(t, x, v));
    const weight: PointFunction = (t, x, v) => matmul(metric(t, x, v), field(t, x, v));
    expect(largest(over(n, left, rows))).toBeLessThan(1e-10 * largest(over(n, weight, rows)));

    // The energy is kept if nothing depends on time; otherwise L tells how it changes.
    const rate: PointFunction = (t, x, v) => jvp(energy, [t, x, v], motion(t, x, v))[1];
    const byTime: PointFunction = (t, x, v) => grad((s: Tensor) => lagrangian(s, x, v))(t);
    const total = largest(over(n, rate, rows));
    if (each.name.includes("depends on time")) {
      expect(total).toBeGreaterThan(1);
      expect(largest(over(n, (...p) => add(rate(...p), byTime(...p)), rows))).toBeLessThan(1e-9);
    } else expect(total).toBeLessThan(1e-10 * largest(over(n, weight, rows)));
  });

  // Energies of states that differ, against the formulas; the constant is that of the reference.
  it.each([
    [
      "undamped oscillators",
      ([, x1, x2, v1, v2]: Row) => (v1 ** 2 + 3 * v2 ** 2 + stiffness[0] * x1 ** 2 + 3 * stiffness[1] * x2 ** 2) / 2,
    ],
    ["Kepler in polar coordinates", ([, r, , v1, v2]: Row) => 0.6 * ((v1 ** 2 + (r * v2) ** 2) / 2 - gravity / r)],
  ] as const)("gives the energy up to a constant: %s", (name, formula) => {
    const { dimensions: n, field, metric } = known(name);
    const reference = [1, 1];
    const { energy } = lagrangianOfMetric({ field, metric, reference });
    const rows = drawn(n, 6);
    const found = Array.from(over(n, energy, rows).data, Number);
    const offset = formula([0, ...reference, 0, 0] as never);
    for (const [i, row] of rows.entries()) expect(found[i]).toBeCloseTo(formula(row as never) - offset, 11);
  });

  it.each([
    ["double pendulum", doublePendulum, { mass1: 1.3, mass2: 0.7, length1: 0.9, length2: 1.1 }],
    ["charged particle", chargedParticle, { mass: 2, charge: 1.5, magnetic: 3, electric: 0.7 }],
  ] as const)("gives the energy along a motion, up to a constant: %s", (name, system, parameters) => {
    const { dimensions: n, field, metric } = known(name);
    const { times, values } = onlyMotion(system, parameters);
    const rows = Array.from(times, (t, k) => [t, ...values.subarray(2 * n * k, 2 * n * (k + 1))]);
    const { energy } = lagrangianOfMetric({ field, metric, reference: new Array<number>(n).fill(0) });
    const found = Array.from(over(n, energy, rows).data, Number);
    const state: PointFunction = (_t, x, v) =>
      systemScalar(system, system.energy as never, parameters)(concatenate([x, v]));
    const expected = Array.from(over(n, state, rows).data, Number);
    for (const each of found) expect(Math.abs(each - (found[0] as number))).toBeLessThan(1e-8);
    const rest = over(n, state, [new Array<number>(1 + 2 * n).fill(0)]).data[0] as number;
    expect((found[3] as number) + rest).toBeCloseTo(expected[3] as number, 9);
  });

  it("takes the gauge without a radial part", () => {
    const { field, metric } = known("charged particle");
    const { vectorPotential } = lagrangianOfMetric({ field, metric, reference: [0, 0, 0] });
    // charge B (-y, x, 0) / 2.
    const [row] = drawn(3, 1) as [number[]];
    const [x, y] = row.slice(1) as [number, number];
    const found = over(3, (t, place) => vectorPotential(t, place), [row]);
    for (const [i, value] of [(-4.5 * y) / 2, (4.5 * x) / 2, 0].entries()) expect(found.data[i]).toBeCloseTo(value, 12);
  });

  it("refuses what is no position and no rule", () => {
    const { field, metric } = known("charged particle");
    expect(() => lagrangianOfMetric({ field, metric, reference: [] })).toThrow(
      "Cannot recover a Lagrangian: expected a reference position, as many velocities and a positive number of nodes, got 0 coordinates, 0 velocities and 24 nodes\n",
    );
    expect(() => lagrangianOfMetric({ field, metric, reference: [0], nodes: 0 })).toThrow(
      "1 coordinates, 1 velocities and 0 nodes",
    );
  });
});

/** One motion of a system. */
function onlyMotion(system: System, parameters: Record<string, number>) {
  const [motion] = simulate(system, { seed: 2, trajectories: 1, samples: 12, parameters }).dataset.trajectories;
  return motion as NonNullable<typeof motion>;
}
