import { describe, expect, it } from "vitest";
import { studentQuantile } from "./student-quantile.ts";

describe("studentQuantile", () => {
  // Tables, for instance Abramowitz and Stegun, table 26.10.
  it.each([
    [0.95, 1, 12.706],
    [0.95, 2, 4.303],
    [0.95, 3, 3.182],
    [0.99, 4, 4.604],
    [0.95, 5, 2.571],
    [0.9, 30, 1.697],
    [0.95, 1e4, 1.96],
  ])("is the table's for %f and %i degrees", (probability, freedom, expected) => {
    expect(studentQuantile(probability, freedom)).toBeCloseTo(expected, 3);
  });

  it("is 0 for nothing", () => {
    expect(studentQuantile(0, 7)).toBeCloseTo(0, 12);
  });
});
