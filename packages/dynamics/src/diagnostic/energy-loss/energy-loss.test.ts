import { describe, expect, it } from "vitest";
import { hostRandom } from "../../random/host-random.ts";
import type { CoordinateMotion } from "./coordinate-motion.ts";
import { type EnergyLoss, energyLoss } from "./energy-loss.ts";

/** A motion by small steps of Runge's and Kutta's method, with noise on what is recorded. */
function recorded(
  acceleration: (q: number, v: number) => number,
  start: readonly [number, number],
  { duration = 40, step = 0.02, noise = 0, seed = 0 } = {},
): CoordinateMotion {
  const random = hostRandom(seed);
  const count = Math.round(duration / step);
  const [times, positions, velocities] = [0, 1, 2].map(() => new Float64Array(count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let [q, v] = start;
  const fine = 5;
  const h = step / fine;
  for (let at = 0; at < count; at++) {
    times[at] = at * step;
    positions[at] = q + noise * random.normal();
    velocities[at] = v + 3 * noise * random.normal();
    for (let i = 0; i < fine; i++) {
      const a = acceleration(q, v);
      const [q1, v1] = [q + (h / 2) * v, v + (h / 2) * a];
      const b = acceleration(q1, v1);
      const [q2, v2] = [q + (h / 2) * v1, v + (h / 2) * b];
      const c = acceleration(q2, v2);
      const [q3, v3] = [q + h * v2, v + h * c];
      const d = acceleration(q3, v3);
      [q, v] = [q + (h / 6) * (v + 2 * v1 + 2 * v2 + v3), v + (h / 6) * (a + 2 * b + 2 * c + d)];
    }
  }
  return { times, positions, velocities };
}

const pendulum = (friction: (v: number) => number) => (q: number, v: number) => -9 * Math.sin(q - 0.3) - friction(v);
const dampings = ({ bins }: EnergyLoss): readonly number[] => bins.map(({ damping }) => damping.value);

describe("the energy loss of one coordinate", () => {
  it("is the constant of linear friction at every amplitude, up to swings of 2.5 rad about an offset rest", () => {
    const found = energyLoss(
      [
        recorded(
          pendulum((v) => 0.1 * v),
          [2.8, 0],
        ),
      ],
      { periodic: true },
    );
    expect(found.rest).toBeCloseTo(0.3, 4);
    expect(found.bins.length).toBe(4);
    expect(found.bins.at(-1)?.amplitude).toBeGreaterThan(1.5);
    for (const damping of dampings(found)) expect(Math.abs(damping / 0.1 - 1)).toBeLessThan(5e-3);
    // The rate is that of the energy: at large swings the pendulum lingers where it does not move.
    expect(found.bins[0]?.rate.value).toBeCloseTo(0.1, 2);
    expect(found.bins.at(-1)?.rate.value).toBeLessThan(0.092);
  });

  it("grows with the amplitude by the law of quadratic friction", () => {
    const oscillator = (q: number, v: number): number => -4 * q - 0.05 * Math.abs(v) * v;
    const found = energyLoss([recorded(oscillator, [3, 0])], { bins: 4 });
    expect(found.swings.length).toBeGreaterThan(20);
    for (const { amplitude, energies, motion } of found.swings) {
      // The mean of |v|³ over that of v² is 8 / (3 pi) of the largest speed.
      const expected = (0.05 * 8 * 2 * amplitude) / (3 * Math.PI);
      expect(Math.abs((energies[0] - energies[1]) / motion / expected - 1)).toBeLessThan(0.02);
    }
    const [least, most] = [found.bins[0], found.bins.at(-1)] as const;
    expect(least?.damping.high).toBeLessThan(most?.damping.low as number);
  });

  it("has bands that hold the truth about as often as they say", () => {
    const trials = 40;
    let held = 0;
    for (let seed = 0; seed < trials; seed++) {
      const motion = recorded((q, v) => -4 * q - 0.06 * v, [1, 0], { duration: 30, step: 0.05, noise: 4e-3, seed });
      const { damping } = energyLoss([motion], { bins: 1, resamples: 200 }).bins[0] as EnergyLoss["bins"][number];
      if (damping.low <= 0.06 && 0.06 <= damping.high) held += 1;
    }
    // Neighbouring swings share a turning point, so that drawing them apart makes the bands wide.
    expect(held / trials).toBeGreaterThanOrEqual(0.85);
  });

  it("passes over missing rows and makes no swing across them", () => {
    const whole = recorded(
      pendulum((v) => 0.1 * v),
      [1, 0],
    );
    const torn = { ...whole, positions: whole.positions.map((q, at) => (at % 250 < 3 ? Number.NaN : q)) };
    const [expected, found] = [whole, torn].map((motion) => energyLoss([motion], { periodic: true, bins: 1 }));
    expect(found?.swings.length).toBeLessThan((expected?.swings.length as number) - 5);
    expect(dampings(found as EnergyLoss)[0]).toBeCloseTo(0.1, 3);
  });

  it("refuses what has no swings about one rest, and says why", () => {
    const refusal =
      (motion: CoordinateMotion, options = {}) =>
      () =>
        energyLoss([motion], options);
    const turning = recorded(
      pendulum(() => 0),
      [0, 8],
      { duration: 10 },
    );
    expect(refusal(turning, { periodic: true })).toThrow(/expected one position of rest within the motion, got \d+/);
    const wells = recorded((q, v) => q - q ** 3 - 0.02 * v, [1.6, 0]);
    expect(refusal(wells)).toThrow("expected one position of rest within the motion, got 2");
    const short = recorded(
      pendulum((v) => 0.1 * v),
      [1, 0],
      { duration: 4 },
    );
    expect(refusal(short, { periodic: true })).toThrow(
      "expected at least 8 swings from one turning point to the next, got 2",
    );
    const still = { ...short, positions: short.positions.fill(1), velocities: short.velocities.fill(0) };
    expect(refusal(still)).toThrow("expected a coordinate that moves");
  });
});
