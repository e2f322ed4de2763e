import { expect, test } from "vitest";
import { beyondCaches, type ScalePoint, slopeOf } from "./slope.ts";

/** Time in proportion to a power of the operations, each point four times the one before. */
function points(power: number, bytes: readonly number[]): ScalePoint[] {
  return bytes.map((owned, i) => ({ operations: 4 ** i, milliseconds: 3 * 4 ** (power * i), bytes: owned }));
}

test("the slope is the power", () => {
  expect(slopeOf(points(1, [1, 2, 3, 4]))).toBeCloseTo(1, 12);
  expect(slopeOf(points(1.5, [1, 2, 3]))).toBeCloseTo(1.5, 12);
});

test("only what owns more than twice the caches counts, and three points at least", () => {
  const grown = points(1, [1, 10, 20, 21, 30, 40]);
  expect(beyondCaches(grown, 10)).toEqual(grown.slice(3));
  expect(beyondCaches(grown, 5)).toEqual(grown.slice(2));
  expect(beyondCaches(grown, 19)).toEqual(grown.slice(3));
});
