import { describe, expect, it } from "vitest";
import { hostRandom } from "../random/host-random.ts";
import { localFit } from "./local-polynomial.ts";
import { dominantPeriod } from "./period.ts";
import { prepareSegments } from "./prepare.ts";
import { readTable } from "./read-table.ts";
import { chooseSampling } from "./sampling.ts";
import { cutAtGaps, gapLimit, whole } from "./segment.ts";
import { unwrap } from "./unwrap.ts";
import { estimateVelocity } from "./velocity.ts";

const grid = (count: number, step: number): Float64Array =>
  Float64Array.from({ length: count }, (_, row) => row * step);

function irregular(count: number, step: number): Float64Array {
  const { uniform } = hostRandom(5);
  return grid(count, step).map((time) => time + 0.6 * step * uniform());
}

describe("unwrap", () => {
  it("undoes wrapping, over missing values too", () => {
    const angles = Float64Array.from({ length: 200 }, (_, row) => 0.3 * row - 4);
    const wrapped = angles.map((angle) => Math.atan2(Math.sin(angle), Math.cos(angle)));
    wrapped[17] = Number.NaN;
    const offset = (wrapped[0] as number) - (angles[0] as number);
    for (const [row, angle] of unwrap(wrapped).entries()) {
      if (row === 17) expect(angle).toBeNaN();
      else expect(angle).toBeCloseTo((angles[row] as number) + offset, 10);
    }
  });

  it("leaves what does not jump untouched", () => {
    const angles = Float64Array.from([7, 7.5, 9, 11, 9]);
    expect(unwrap(angles)).toEqual(angles);
  });
});

describe("cutAtGaps", () => {
  it("cuts where a step is longer than 2.5 median steps, and nowhere else", () => {
    const times = [0, 0.1, 0.2, 0.4, 0.5, 0.8, 0.9, ...Array.from({ length: 20 }, (_, row) => 1 + row / 10)];
    const data = readTable(`t,theta\n${times.map((time) => `${time},${Math.sin(time)}`).join("\n")}`);
    const [run] = data.trajectories.map(whole);
    const cut = run === undefined ? [] : cutAtGaps(run, gapLimit(run));
    expect(cut.map(({ from, to }) => [from, to])).toEqual([
      [0, 5],
      [5, 27],
    ]);
  });
});

describe("dominantPeriod", () => {
  it("finds the period under noise, drift and missing samples", () => {
    const random = hostRandom(2);
    const times = irregular(400, 0.02);
    const values = times.map((time) => 3 + 0.2 * time + Math.sin((2 * Math.PI * time) / 1.3) + 0.05 * random.normal());
    values[40] = Number.NaN;
    expect(dominantPeriod(times, values)).toBeCloseTo(1.3, 1);
  });

  it("has none for less than a period, and for no motion", () => {
    expect(dominantPeriod(grid(50, 0.01), grid(50, 0.01).map(Math.sin))).toBeNull();
    expect(dominantPeriod(grid(50, 0.01), new Float64Array(50))).toBeNull();
  });
});

describe("localFit", () => {
  it("reproduces cubics exactly, at the ends too", () => {
    const times = irregular(30, 0.1);
    const cubic = (time: number): number => 1 - 2 * time + 0.5 * time ** 2 + time ** 3;
    const values = times.map(cubic);
    for (const row of [0, 3, 15, 29]) {
      const time = times[row] as number;
      const fit = localFit(times, values, row, 4, 3);
      expect(fit.value).toBeCloseTo(cubic(time), 10);
      expect(fit.slope).toBeCloseTo(-2 + time + 3 * time ** 2, 8);
    }
  });

  it("has no value where too few samples are", () => {
    const values = new Float64Array(30).fill(Number.NaN);
    values[0] = 1;
    expect(localFit(grid(30, 1), values, 15, 4, 3).value).toBeNaN();
  });
});

describe("estimateVelocity", () => {
  const times = irregular(600, 0.01);
  const clean = times.map((time) => Math.sin(3 * time));

  const rootMeanSquare = (errors: Float64Array): number => Math.hypot(...errors) / Math.sqrt(errors.length);
  const error = (velocities: Float64Array): number =>
    rootMeanSquare(velocities.map((velocity, row) => velocity - 3 * Math.cos(3 * (times[row] as number))));

  it("differentiates clean data closely", () => {
    expect(error(estimateVelocity(times, clean).velocities)).toBeLessThan(1e-3);
  });

  it("finds the noise and smooths by it", () => {
    const { normal } = hostRandom(3);
    const noisy = clean.map((value) => value + 0.01 * normal());
    const motion = estimateVelocity(times, noisy, { period: (2 * Math.PI) / 3 });
    expect(motion.noise / 0.01).toBeGreaterThan(0.9);
    expect(motion.noise / 0.01).toBeLessThan(1.1);
    expect(motion.halfWidth).toBeGreaterThan(10);
    // A central difference of this noise would be off by 0.01 sqrt(2) / 0.02 s = 0.7.
    expect(error(motion.velocities)).toBeLessThan(0.06);
  });
});

describe("chooseSampling and prepareSegments", () => {
  const table = (rate: number, period: number, header: string, rows = 2000): string => {
    const lines = Array.from({ length: rows }, (_, row) => {
      const phase = (2 * Math.PI * row) / rate / period;
      const values = [row / rate, Math.sin(phase), ((2 * Math.PI) / period) * Math.cos(phase)];
      return values.slice(0, header.split(",").length).join(",");
    });
    return `${header}\n${lines.join("\n")}`;
  };

  it("brings 1 kHz down and says so", () => {
    const data = readTable(table(1000, 0.78, "t,theta"));
    const sampling = chooseSampling(data, data.trajectories.map(whole));
    expect(sampling.every).toBe(10);
    expect(sampling.line).toBe("sampling: 1 kHz to 100 Hz, filtered (period 0.78 s = 78 samples)");
    expect(chooseSampling(data, data.trajectories.map(whole), 250).every).toBe(4);
    const [segment] = prepareSegments(data, data.trajectories.map(whole), sampling);
    expect(segment?.times).toHaveLength(200);
    expect(segment?.times[3]).toBe(0.03);
    for (const [row, time] of (segment?.times ?? []).entries()) {
      const phase = (2 * Math.PI * time) / 0.78;
      expect(segment?.positions[row]).toBeCloseTo(Math.sin(phase), 3);
      expect(segment?.velocities[row]).toBeCloseTo(((2 * Math.PI) / 0.78) * Math.cos(phase), 1);
    }
  });

  it("keeps a sparse rate and the measured numbers, and warns", () => {
    const data = readTable(table(6, 1, "t,theta,omega", 60));
    const sampling = chooseSampling(data, data.trajectories.map(whole));
    expect(sampling.every).toBe(1);
    expect(sampling.line).toContain("fewer than 10 samples in a period: record faster");
    const [segment] = prepareSegments(data, data.trajectories.map(whole), sampling);
    const [run] = data.trajectories;
    expect(segment?.positions[7]).toBe(run?.values[14]);
    expect(segment?.velocities[7]).toBe(run?.values[15]);
    expect(segment?.momenta).toBeNull();
  });

  it("keeps missing values missing and never looks outside its segment", () => {
    const text = table(50, 1, "t,theta", 100).split("\n");
    text[31] = "0.6,";
    const data = readTable(text.join("\n"));
    const [run] = data.trajectories.map(whole);
    if (run === undefined) throw new Error("no trajectory");
    const sampling = { every: 1, period: 1, line: "" };
    const early = prepareSegments(data, cutAtGaps(run, 1), sampling)[0];
    expect(early?.positions[30]).toBeNaN();
    expect(early?.mask[30]).toBe(0);
    expect(early?.velocities[30]).not.toBeNaN();
    expect(early?.mask.reduce((sum, bit) => sum + bit, 0)).toBe(99);
  });
});

describe("recordings of several rates", () => {
  /** Swings of period 1 s, 4 s long, one for each rate. */
  const swings = (rates: readonly number[]) => {
    const rows = rates.flatMap((rate, run) =>
      Array.from({ length: 4 * rate }, (_, row) => `${row / rate},${Math.cos((2 * Math.PI * row) / rate)},${run}`),
    );
    return readTable(`t,x [m],run\n${rows.join("\n")}`);
  };
  const stepsOf = (rates: readonly number[], rate?: number) => {
    const data = swings(rates);
    const segments = data.trajectories.map(whole);
    const sampling = chooseSampling(data, segments, rate);
    const steps = prepareSegments(data, segments, sampling).map(({ times }) => Number(times[1]?.toPrecision(6)));
    return { steps, sampling };
  };

  it("come near one rate, each by its own factor, and that is said", () => {
    const { steps, sampling } = stepsOf([1000, 1000, 100, 500, 1000]);
    expect(sampling.every).toBe(10);
    expect(steps).toEqual([0.01, 0.01, 0.01, 0.01, 0.01]);
    expect(sampling.line).toBe(
      "sampling: 1 kHz to 100 Hz, filtered (period 1 s = 100 samples); 2, 3 by their own rate, near the same",
    );
  });

  it("come near the rate that is asked for", () => {
    expect(stepsOf([1000, 1000, 100], 50).steps).toEqual([0.02, 0.02, 0.02]);
  });

  it("keep a faster one down and a slower one whole where most are kept", () => {
    const { steps, sampling } = stepsOf([100, 100, 100, 400, 40, 110]);
    expect(sampling.every).toBe(1);
    expect(steps).toEqual([0.01, 0.01, 0.01, 0.01, 0.025, 0.00909091]);
    expect(sampling.line).toContain("; 3 by their own rate, near the same");
  });

  it("say nothing where all have one rate", () => {
    expect(stepsOf([1000, 1000]).sampling.line).toBe("sampling: 1 kHz to 100 Hz, filtered (period 1 s = 100 samples)");
  });
});
