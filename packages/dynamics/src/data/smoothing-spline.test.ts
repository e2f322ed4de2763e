import { describe, expect, it } from "vitest";
import { hostRandom } from "../random/host-random.ts";
import { smoothingSpline } from "./smoothing-spline.ts";

const { uniform } = hostRandom(5);
const times = Float64Array.from({ length: 500 }, (_, row) => 0.01 * row + 0.006 * uniform());
const clean = times.map((time) => 40 + 20 * Math.sin(3 * time));
const noisy = (size: number, seed = 3): Float64Array => {
  const { normal } = hostRandom(seed);
  return clean.map((value) => value + size * normal());
};
const rootMeanSquare = (errors: Float64Array): number => Math.hypot(...errors) / Math.sqrt(errors.length);
const speedError = (velocities: Float64Array): number =>
  rootMeanSquare(velocities.map((value, row) => value - 60 * Math.cos(3 * (times[row] as number))));

describe("smoothingSpline", () => {
  it("finds the noise, from a thousandth to a tenth of the motion", () => {
    for (const size of [0.02, 0.2, 2]) {
      expect(Math.abs(smoothingSpline(times, noisy(size)).noise / size - 1)).toBeLessThan(0.07);
    }
  });

  it("gives rates of clean and of noisy positions, and accelerations", () => {
    expect(speedError(smoothingSpline(times, clean).velocities)).toBeLessThan(1e-4);
    const { velocities, accelerations } = smoothingSpline(times, noisy(0.2));
    // Differences of neighbours would be off by 0.2 sqrt(2) / 0.02 = 14.
    expect(speedError(velocities)).toBeLessThan(0.8);
    const pull = accelerations.map((value, row) => value + 180 * Math.sin(3 * (times[row] as number)));
    expect(rootMeanSquare(pull) / 127).toBeLessThan(0.15);
  });

  it("bridges missing values and reproduces what is no motion", () => {
    const sparse = noisy(0.2).map((value, row) => (row % 10 === 4 || (row > 200 && row < 208) ? Number.NaN : value));
    const { positions, velocities } = smoothingSpline(times, sparse);
    expect(speedError(velocities)).toBeLessThan(0.9);
    expect(positions[204]).toBeCloseTo(clean[204] as number, 0);
    const still = smoothingSpline(times, new Float64Array(500).fill(7));
    expect([still.positions[9], still.velocities[9], still.noise]).toEqual([7, 0, 0]);
    const few = smoothingSpline(times.subarray(0, 5), clean.subarray(0, 5));
    expect(few.velocities.every(Number.isNaN)).toBe(true);
  });

  it("takes the rounding of an encoder as noise that is known", () => {
    const read = clean.map((value) => 4 * Math.round(value / 4));
    const known = smoothingSpline(times, read, { leastNoise: 4 / Math.sqrt(12) });
    expect(known.noise).toBeGreaterThanOrEqual(4 / Math.sqrt(12));
    expect(speedError(known.velocities)).toBeLessThan(6);
  });

  it("smooths in parts as it does in one, and does not depend on units", () => {
    const long = Float64Array.from({ length: 45_000 }, (_, row) => row);
    const { normal } = hostRandom(9);
    const swing = long.map((time) => Math.sin(time / 15) + 0.01 * normal());
    const { velocities } = smoothingSpline(long, swing);
    const errors = velocities.map((value, row) => value - Math.cos(row / 15) / 15);
    const near = (row: number): number => rootMeanSquare(errors.subarray(row - 200, row + 200));
    expect(near(20_000) / near(10_000)).toBeLessThan(1.5);
    expect(near(40_000) / near(10_000)).toBeLessThan(1.5);
    const scaled = smoothingSpline(
      times.map((time) => 1e-9 * time),
      noisy(0.2).map((value) => 1e6 * value),
    );
    const plain = smoothingSpline(times, noisy(0.2));
    expect((scaled.noise / plain.noise) * 1e-6).toBeCloseTo(1, 6);
    expect(((scaled.velocities[77] as number) / (plain.velocities[77] as number)) * 1e-15).toBeCloseTo(1, 6);
  });
});
