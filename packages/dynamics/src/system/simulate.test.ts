import { describe, expect, it } from "vitest";
import { writeTable } from "../data/write-table.ts";
import { integrateHost } from "./integrate-host.ts";
import { oscillator } from "./oscillator.ts";
import { parametersOf } from "./parameters-of.ts";
import { pendulum } from "./pendulum.ts";
import { simulate } from "./simulate.ts";
import type { System } from "./system.ts";
import { systemNamed } from "./systems.ts";

const grid = (count: number, step: number): Float64Array =>
  Float64Array.from({ length: count }, (_, row) => row * step);

describe("integrateHost", () => {
  it("agrees with the closed form of the damped oscillator", () => {
    const parameters = parametersOf(oscillator, { stiffness: 4, damping: 0.2 });
    const rate = Math.sqrt(4 - 0.01);
    const times = grid(50, 0.37);
    const states = integrateHost(oscillator, parameters, [1, -0.1], times);
    for (const [row, [x]] of states.entries()) {
      const time = times[row] as number;
      expect(x).toBeCloseTo(Math.exp(-0.1 * time) * Math.cos(rate * time), 10);
    }
  });

  it("agrees with the pendulum's period by the complete elliptic integral", () => {
    const amplitude = 2;
    let [a, g] = [1, Math.cos(amplitude / 2)];
    for (let round = 0; round < 8; round++) [a, g] = [(a + g) / 2, Math.sqrt(a * g)];
    const period = (2 * Math.PI * Math.sqrt(1 / 9.81)) / a;
    const [, end] = integrateHost(pendulum, parametersOf(pendulum), [amplitude, 0], Float64Array.of(0, period));
    expect(end?.[0]).toBeCloseTo(amplitude, 9);
    expect(end?.[1]).toBeCloseTo(0, 9);
  });

  it("fails with words when the motion breaks down", () => {
    const explosive: System = { ...oscillator, field: ({ square }, _parameters, _t, [x = 0]) => [square(x), 0] };
    expect(() => integrateHost(explosive, parametersOf(oscillator), [1, 0], Float64Array.of(0, 2))).toThrow(
      "Cannot integrate oscillator: expected a finite motion",
    );
  });
});

describe("simulate", () => {
  it("writes the contract's columns under the system's own names", () => {
    const { text, dataset } = simulate(pendulum, { trajectories: 3, samples: 31, duration: 3 });
    expect(text.split("\n")[0]).toBe("trajectory,t,theta,omega");
    expect(text.trimEnd().split("\n")).toHaveLength(1 + 3 * 31);
    expect(dataset.trajectories.map(({ name, times }) => [name, times.length, times.at(-1)])).toEqual([
      ["0", 31, 3],
      ["1", 31, 3],
      ["2", 31, 3],
    ]);
    expect(dataset.coordinates).toMatchObject([
      { name: "theta", kind: "angle", periodic: true, velocity: { name: "omega" } },
    ]);
    expect(simulate(oscillator).dataset.coordinates).toMatchObject([
      { name: "x", kind: "length", velocity: { name: "v" } },
    ]);
    expect(dataset.reading.columns.flatMap((column) => column.oddities)).toEqual([]);
  });

  it("repeats itself, and adding trajectories changes none", () => {
    const few = simulate(pendulum, { seed: 3, trajectories: 2, noise: 0.1, irregular: true, samples: 30 });
    const more = simulate(pendulum, { seed: 3, trajectories: 4, noise: 0.1, irregular: true, samples: 30 });
    expect(more.text.startsWith(few.text)).toBe(true);
    expect(simulate(pendulum, { seed: 4, trajectories: 2, noise: 0.1, irregular: true, samples: 30 }).text).not.toBe(
      few.text,
    );
  });

  it("adds noise of the stated size to the same motion", () => {
    const options = { seed: 1, trajectories: 20, samples: 100 };
    const values = (noise: number): Float64Array[] =>
      simulate(oscillator, { ...options, noise }).dataset.trajectories.map((trajectory) => trajectory.values);
    const [clean, noisy] = [values(0), values(0.1)];
    const differences = clean.flatMap((run, index) =>
      [...run].map((value, at) => value - (noisy[index]?.[at] as number)),
    );
    const deviation = Math.sqrt(differences.reduce((sum, value) => sum + value * value, 0) / differences.length);
    // Five standard errors of 4000 samples.
    expect(Math.abs(deviation / 0.1 - 1)).toBeLessThan(5 / Math.sqrt(8000));
  });

  it("moves inner times only", () => {
    const { dataset } = simulate(oscillator, { samples: 50, duration: 4.9, irregular: true, trajectories: 1 });
    const times = dataset.trajectories[0]?.times ?? new Float64Array(0);
    expect([times[0], times.at(-1)]).toEqual([0, 4.9]);
    expect(new Set([...times].map((time, row) => (time - row / 10).toFixed(6))).size).toBeGreaterThan(30);
  });

  it("is written and read back without loss", () => {
    const { dataset } = simulate(pendulum, { trajectories: 2, noise: 0.01 });
    expect(writeTable(dataset).split("\n")[0]).toBe("trajectory,t,theta,omega");
  });

  it("refuses options out of range", () => {
    expect(() => simulate(pendulum, { samples: 1 })).toThrow(
      "expected samples to be a whole number of at least 2, got 1",
    );
    expect(() => simulate(pendulum, { duration: 0 })).toThrow("expected duration to be a number above 0, got 0");
    expect(() => simulate(pendulum, { noise: -1 })).toThrow("expected noise to be a number of at least 0, got -1");
    expect(() => simulate(pendulum, { seed: 0.5 })).toThrow("seed");
    expect(() => simulate(pendulum, { parameters: { wheel: 1 } })).toThrow(
      "expected one of mass, length, gravity, damping, got wheel",
    );
    expect(() => simulate(pendulum, { parameters: { mass: 0 } })).toThrow("Cannot set mass of pendulum");
    expect(() => systemNamed("wheel")).toThrow("got wheel");
    expect(systemNamed("pendulum")).toBe(pendulum);
  });
});
