import { describe, expect, it } from "vitest";
import { plainFacts } from "./testing/plain-facts.ts";
import { beyondTrained, distanceToTrained, trainedRegion } from "./trained-region.ts";

/** States on a ring in phase space: one swing. */
function ring(radius: number, count = 400) {
  const observations = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    observations[2 * i] = radius * Math.cos((2 * Math.PI * i) / count);
    observations[2 * i + 1] = 2 * radius * Math.sin((2 * Math.PI * i) / count);
  }
  return { count, observations, rates: new Float64Array(2 * count), controls: new Float64Array(0) };
}

describe("the trained region", () => {
  const facts = plainFacts(1);
  const region = trainedRegion(ring(1), facts);

  it("holds the swing that was trained, and not a smaller or a larger one", () => {
    const outside = (q: number, v: number): boolean => distanceToTrained([q, v], region, facts) > region.reach;
    expect(outside(1, 0)).toBe(false);
    expect(outside(0, 2)).toBe(false);
    expect(outside(0.5, 0)).toBe(true);
    expect(outside(0, 0)).toBe(true);
    expect(outside(1.5, 0)).toBe(true);
  });

  it("measures how far a state is in units of the data's scales", () => {
    expect(beyondTrained(distanceToTrained([0.5, 0], region, facts), region)).toBeCloseTo(0.5 - region.reach / 1.5, 2);
    expect(beyondTrained(distanceToTrained([1, 0], region, facts), region)).toBe(0);
    expect(distanceToTrained([Number.NaN, 0], region, facts)).toBe(Number.POSITIVE_INFINITY);
  });
});
