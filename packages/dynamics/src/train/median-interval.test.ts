import { describe, expect, it } from "vitest";
import { hostRandom } from "../random/host-random.ts";
import { medianInterval } from "./median-interval.ts";

describe("the interval of a median", () => {
  it("is the range of few values, with what that is worth", () => {
    expect(medianInterval([5])).toEqual({ median: 5, low: 5, high: 5, confidence: 0 });
    expect(medianInterval([4, 1, 2, 8, 5])).toEqual({ median: 4, low: 1, high: 8, confidence: 1 - 2 / 32 });
  });

  it("has the ranks of the table for 20 values", () => {
    const values = Array.from({ length: 20 }, (_, i) => i + 1);
    // Of 20 values the 6th and the 15th: 1 - 2 P(Bin(20, 1/2) <= 5) = 0.9586.
    const { low, high, confidence } = medianInterval(values);
    expect([low, high]).toEqual([6, 15]);
    expect(confidence).toBeCloseTo(0.958611, 6);
  });

  it("holds the true median as often as it says", () => {
    const random = hostRandom(7);
    let held = 0;
    for (let trial = 0; trial < 2000; trial++) {
      // The median of the square of a normal number.
      const { low, high } = medianInterval(Array.from({ length: 12 }, () => random.normal() ** 2));
      if (low <= 0.454936 && 0.454936 <= high) held += 1;
    }
    const { confidence } = medianInterval(Array.from({ length: 12 }, (_, i) => i));
    expect(Math.abs(held / 2000 - confidence)).toBeLessThan(0.02);
  });
});
