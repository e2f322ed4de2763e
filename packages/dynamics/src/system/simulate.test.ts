import { describe, expect, it } from "vitest";
import { writeTable } from "../data/write-table.ts";
import { hostRandom } from "../random/host-random.ts";
import { controlSignal, controlSignals } from "./control-signal.ts";
import { douglasIv } from "./douglas.ts";
import { integrateHost } from "./integrate-host.ts";
import { kepler } from "./kepler.ts";
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

  it("reaches times that no whole number of steps reaches", () => {
    // Steps of every length against the grid: a rest of a few units in the last place must not stop it.
    for (let seed = 0; seed < 40; seed++) {
      const times = grid(30, 0.0283700670688 * (1 + 0.013 * seed));
      const [x = 0] = integrateHost(oscillator, parametersOf(oscillator), [1, 0], times)[29] as readonly number[];
      expect(x).toBeCloseTo(Math.cos(times[29] as number), 11);
    }
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
    expect(dataset.reading.oddities).toEqual([]);
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

  it("adds noise in proportion to each column, to the same motion", () => {
    const values = (noise: number): Float64Array =>
      simulate(kepler, { seed: 1, trajectories: 1, samples: 4000, noise: { relative: noise } }).dataset.trajectories[0]
        ?.values as Float64Array;
    const [clean, noisy] = [values(0), values(0.05)];
    const deviation = (numbers: readonly number[]): number => {
      const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
      return Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length);
    };
    for (let column = 0; column < 4; column++) {
      const of = (all: Float64Array): number[] => [...all].filter((_, index) => index % 4 === column);
      const still = of(clean);
      const errors = of(noisy).map((value, row) => value - (still[row] as number));
      expect(deviation(errors) / deviation(still)).toBeCloseTo(0.05, 2);
    }
  });

  it("leaves cells empty, the others as they were", () => {
    const options = { seed: 2, trajectories: 4, samples: 200, noise: 0.1 };
    const whole = simulate(pendulum, options).dataset.trajectories;
    const holed = simulate(pendulum, { ...options, missing: 0.1 });
    expect(holed.text).toContain(",,");
    let empty = 0;
    for (const [index, { values, mask }] of holed.dataset.trajectories.entries()) {
      for (const [cell, value] of values.entries()) {
        if (mask[cell] === 1) expect(value).toBe(whole[index]?.values[cell]);
        else empty += 1;
      }
    }
    expect(empty / (4 * 200 * 2)).toBeCloseTo(0.1, 1);
  });

  it("states units where they are wanted", () => {
    const header = (system: System): string | undefined =>
      simulate(system, { trajectories: 1, samples: 3, units: true }).text.split("\n")[0];
    expect(header(pendulum)).toBe("trajectory,t [s],theta [rad],omega [rad/s]");
    expect(header(oscillator)).toBe("trajectory,t [s],x [m],v [m/s]");
  });

  it("leaves out velocities, positions as they were", () => {
    const options = { seed: 2, trajectories: 1, samples: 30, noise: 0.1 };
    const full = simulate(kepler, options).dataset;
    const bare = simulate(kepler, { ...options, positionsOnly: true });
    expect(bare.text.split("\n")[0]).toBe("trajectory,t,x,y");
    const positions = [...(full.trajectories[0]?.values ?? [])].filter((_, index) => index % 4 < 2);
    expect([...(bare.dataset.trajectories[0]?.values ?? [])]).toEqual(positions);
  });

  it("drives controls that are held between samples", () => {
    const options = { trajectories: 1, samples: 60, duration: 6 };
    const { dataset } = simulate(oscillator, { ...options, control: { signal: "steps", amplitude: 2 } });
    const { times, values, controls } = dataset.trajectories[0] as (typeof dataset.trajectories)[0];
    expect(Math.max(...controls.map(Math.abs))).toBeGreaterThan(0.2);
    expect(Math.max(...controls.map(Math.abs))).toBeLessThanOrEqual(2);
    // From each sample to the next the motion is a circle about the displacement that balances the force.
    for (let row = 0; row + 1 < times.length; row++) {
      const step = (times[row + 1] as number) - (times[row] as number);
      const [x, v, force] = [values[2 * row], values[2 * row + 1], controls[row]] as [number, number, number];
      const expected = force + (x - force) * Math.cos(step) + v * Math.sin(step);
      expect(values[2 * row + 2]).toBeCloseTo(expected, 10);
    }
  });

  it("sweeps and mixes frequencies within the amplitude", () => {
    const times = grid(2000, 0.02);
    for (const signal of controlSignals) {
      const values = controlSignal(signal, times, 2, 0.7, hostRandom(4));
      expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.7);
      expect(values).toEqual(controlSignal(signal, times, 2, 0.7, hostRandom(4)));
      expect(values).not.toEqual(controlSignal(signal, times, 2, 0.7, hostRandom(5)));
    }
    const chirp = controlSignal("chirp", times, 2, 1, hostRandom(4));
    const turns = (from: number, to: number): number =>
      chirp.slice(from, to).filter((value, index) => value < 0 && (chirp[from + index + 1] ?? -1) >= 0).length;
    // 0.1 to 1.5 Hz over 40 s: 18 turns in the last third, 4 in the first.
    expect(turns(0, 667)).toBeLessThanOrEqual(5);
    expect(turns(1333, 2000)).toBeGreaterThanOrEqual(16);
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
    expect(() => simulate(pendulum, { noise: { relative: -0.1 } })).toThrow("expected noise to be");
    expect(() => simulate(pendulum, { missing: 1 })).toThrow(
      "expected missing to be a number from 0 to below 1, got 1",
    );
    expect(() => simulate(douglasIv, { duration: 6 })).toThrow("Cannot integrate douglas-iv: expected a finite motion");
    expect(() => simulate(kepler, { control: { signal: "steps" } })).toThrow(
      "Cannot drive kepler: expected a system with a control, got one without",
    );
    expect(() => simulate(pendulum, { seed: 0.5 })).toThrow("seed");
    expect(() => simulate(pendulum, { parameters: { wheel: 1 } })).toThrow(
      "expected one of mass, length, gravity, damping, got wheel",
    );
    expect(() => simulate(pendulum, { parameters: { mass: 0 } })).toThrow("Cannot set mass of pendulum");
    expect(() => systemNamed("wheel")).toThrow("got wheel");
    expect(systemNamed("pendulum")).toBe(pendulum);
  });
});
