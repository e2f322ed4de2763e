/**
 * Agreement of results that were added in another order.
 */
import { expect } from "vitest";

/** Fails where numbers differ by more than `tolerance`, relative or absolute. */
export function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-9): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [found[i] as number, expected[i] as number];
    if (Number.isNaN(b)) expect(a).toBeNaN();
    else if (a !== b) expect(Math.abs(a - b)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(b)));
  }
}
