import { expect, test } from "vitest";
import { returningShare } from "./returning.ts";

function motion(...laws: readonly ((t: number) => number)[]) {
  const times = Float64Array.from({ length: 201 }, (_, k) => k / 10);
  const rows = (value: (law: (t: number) => number, t: number) => number): Float64Array =>
    Float64Array.from([...times].flatMap((t) => laws.map((law) => value(law, t))));
  return {
    trajectory: "a",
    times,
    positions: rows((law, t) => law(t)),
    velocities: rows((law, t) => (law(t + 1e-4) - law(t - 1e-4)) / 2e-4),
  };
}

test("what swings, is damped or falls to rest comes back", () => {
  const swinging = motion(Math.sin, (t) => Math.exp(-0.1 * t) * Math.cos(2 * t));
  expect(returningShare([swinging], 2)).toBe(1);
  expect(returningShare([motion((t) => Math.exp(-t))], 1)).toBe(1);
});

test("what flies away does not, in one coordinate at least", () => {
  expect(returningShare([motion((t) => t)], 1)).toBeLessThan(0.05);
  expect(returningShare([motion((t) => Math.log(1 + t), Math.sin)], 2)).toBeLessThan(0.1);
  expect(returningShare([motion((t) => t), motion(Math.sin)], 1)).toBeCloseTo(0.5, 1);
});

test("without motions nothing is known", () => {
  expect(returningShare([], 1)).toBeNaN();
});
