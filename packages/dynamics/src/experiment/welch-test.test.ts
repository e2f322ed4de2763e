import { describe, expect, it } from "vitest";
import { meanInterval, welchTest } from "./welch-test.ts";

describe("welchTest", () => {
  it("gives the probabilities that integrals of the density give", () => {
    expect(welchTest([1, 2, 3, 4.5], [2, 4, 6, 9, 12])).toBeCloseTo(0.09089912060329869, 12);
    expect(welchTest([0.1, 0.11, 0.12, 0.1], [0.2, 0.21, 0.19, 0.22, 0.2, 0.21]) / 1.2555286194463028e-6).toBeCloseTo(
      1,
      9,
    );
  });

  it("finds nothing where there is nothing", () => {
    expect(welchTest([1, 2, 3], [3, 1, 2])).toBe(1);
  });
});

describe("meanInterval", () => {
  it("has the width of Student's distribution", () => {
    const { mean, interval } = meanInterval([0, 2]);
    expect(mean).toBe(1);
    expect(interval[1] - mean).toBeCloseTo(12.706204736432095, 8);
    const wide = meanInterval([1, 2, 3, 4, 5]);
    expect(wide.interval[1] - 3).toBeCloseTo(2.7764451051977987 * Math.sqrt(0.5), 10);
  });
});
