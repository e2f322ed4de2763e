import { array, type HostTensor, mul, neg, reference, sub } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { kepler } from "../../system/kepler.ts";
import { type SimulateOptions, simulate } from "../../system/simulate.ts";
import type { System } from "../../system/system.ts";
import { systemAcceleration } from "../../system/system-acceleration.ts";
import { vanDerPol } from "../../system/van-der-pol.ts";
import { meanDivergence } from "./mean-divergence.ts";
import type { SecondOrderField } from "./second-order-field.ts";
import { keplerPull } from "./testing/known-metrics.ts";

type Row = readonly number[];

/** Motions of a system: times and states, turned into rows of points. */
function pointsOf(
  system: System,
  options: SimulateOptions,
  turned: (state: Row) => Row = (state) => state,
): HostTensor {
  const { trajectories } = simulate(system, options).dataset;
  const rows = trajectories.map(({ times, values }) => {
    const width = values.length / times.length;
    return Array.from(times, (t, k) => [t, ...turned(Array.from(values.subarray(k * width, (k + 1) * width)))]);
  });
  return array(rows as number[][][]);
}

/** (r, 0, r', phi') of (x, y, x', y'): nothing depends on phi. */
function polar([x = 0, y = 0, vx = 0, vy = 0]: Row): Row {
  const r = Math.hypot(x, y);
  return [r, 0, (x * vx + y * vy) / r, (x * vy - y * vx) / r ** 2];
}

const target = reference();

describe("meanDivergence", () => {
  it("is the friction of an oscillator, exactly", async () => {
    const field: SecondOrderField = (_t, x, v) => sub(neg(x), mul(0.25, v));
    const points = array([0, 1].map((i) => Array.from({ length: 20 }, (_, k) => [k ** 1.1, Math.cos(k + i), 2])));
    const found = await meanDivergence({ field, points, target });
    expect(found).toEqual({ mean: -0.25, low: -0.25, high: -0.25, motions: [-0.25, -0.25] });
  });

  it.each([1, 6])(
    "holds 0 for %i Kepler orbits, whose trace -2 r' / r is 0 over a turn alone",
    async (trajectories) => {
      // 6.3 turns: the plain mean would keep -2 log(r(end) / r(start)) over the length.
      const options = { seed: 4, trajectories, duration: 6.3 * 2 * Math.PI, samples: 400 };
      const points = pointsOf(kepler, options, polar);
      const { motions, low, high } = await meanDivergence({ field: keplerPull(1), points, target });
      expect(low).toBeLessThan(0);
      expect(high).toBeGreaterThan(0);
      // The plain means are up to 0.03.
      for (const each of motions) expect(Math.abs(each)).toBeLessThan(1e-3);
      expect(high - low).toBeLessThan(trajectories > 4 ? 0.01 : 0.6);
    },
  );

  it.each([1, 6])(
    "holds the exponent of the limit cycle of van der Pol's oscillator, from %i motions",
    async (trajectories) => {
      // log of the multiplier over the period 6.663286859, both of the cycle for mu = 1.
      const exponent = -1.059377;
      const points = pointsOf(vanDerPol, { seed: 1, trajectories, duration: 60, samples: 900 });
      const { mean, low, high } = await meanDivergence({ field: systemAcceleration(vanDerPol), points, target });
      expect(low).toBeLessThanOrEqual(exponent);
      expect(high).toBeGreaterThanOrEqual(exponent);
      expect(high).toBeLessThan(0);
      expect(mean).toBeCloseTo(exponent, 2);
    },
  );

  it.each([
    [array([[1, 2, 3]]), "shape [1, 3]"],
    [
      array([Array.from({ length: 16 }, (_, k) => [-k, 0, 0])]),
      "times that do not rise or numbers that are not finite",
    ],
  ])("refuses other points", async (points, found) => {
    await expect(meanDivergence({ field: (_t, x) => x, points, target })).rejects.toThrow(
      `Cannot take a mean along motions: expected points of shape [motions, at least 16 times, 1 + 2 n] with rising times, got ${found}\n`,
    );
  });
});
