import { describe, expect, it } from "vitest";
import { areWorse, meanOf } from "./stretch-errors.ts";

describe("errors of stretches", () => {
  it("are worse beyond the standard error of the best and a twentieth, and below the solver's own error never", () => {
    const best = [4, 5, 6, 5, 4, 6].map((value) => value * 1e-4);
    const times = (factor: number): readonly number[] => best.map((value) => factor * value);
    expect(meanOf(best)).toBeCloseTo(5e-4, 12);
    expect(areWorse(times(1.1), best)).toBe(false);
    const steady = best.map(() => 5e-4);
    expect(
      [1.1, 1.11].map((factor) =>
        areWorse(
          steady.map((value) => factor * value),
          steady,
        ),
      ),
    ).toEqual([false, true]);
    // Standard error 4e-4 of a mean of 5e-4.
    const spread = [1, 9].map((value) => value * 1e-4);
    expect([1.75, 1.85].map((factor) => areWorse([factor * 5e-4, factor * 5e-4], spread))).toEqual([false, true]);
    expect(areWorse(times(1e-4), times(1e-5))).toBe(false);
    expect(areWorse([Number.NaN], best)).toBe(true);
    expect(areWorse([Number.POSITIVE_INFINITY], best)).toBe(true);
  });
});
