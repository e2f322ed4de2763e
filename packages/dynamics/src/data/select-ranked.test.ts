import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectRanked } from "./select-ranked.ts";

describe("the number at a rank", () => {
  it("is the one that sorting finds, and divides the others", () => {
    const numbers = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true })), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(numbers, fc.nat(), (drawn, place) => {
        const sorted = Float64Array.from(drawn).sort();
        const own = Float64Array.from(drawn);
        const rank = place % own.length;
        // No difference is made between the two zeros.
        expect(selectRanked(own, rank) + 0).toBe((sorted[rank] as number) + 0);
        const at = own[rank] as number;
        expect(own.subarray(0, rank).every((each) => each <= at)).toBe(true);
        expect(own.subarray(rank).every((each) => each >= at)).toBe(true);
        expect(own.sort()).toEqual(sorted);
      }),
    );
  });

  it("goes on above ranks that are in place", () => {
    const own = Float64Array.from({ length: 1000 }, (_, at) => (at * 7919) % 1000);
    expect(selectRanked(own, 10)).toBe(10);
    expect(selectRanked(own, 989, 11)).toBe(989);
  });

  it.each([
    ["rising", (at: number) => at],
    ["falling", (at: number) => -at],
    ["a ramp up and down", (at: number) => Math.min(at, 200_000 - at)],
    ["many ramps", (at: number) => Math.abs((at % 2000) - 1000)],
    ["all the same", () => 3],
    ["two values", (at: number) => at % 2],
  ])("takes a time that grows with the count alone: %s", (_, value) => {
    const own = Float64Array.from({ length: 200_000 }, (_none, at) => value(at));
    const sorted = own.slice().sort();
    // Quadratic time would be minutes.
    expect(selectRanked(own, 100_000)).toBe(sorted[100_000]);
  });
});
