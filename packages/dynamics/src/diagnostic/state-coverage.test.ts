import { expect, it } from "vitest";
import { hostRandom } from "../random/host-random.ts";
import { stateCoverage } from "./state-coverage.ts";

const random = hostRandom(1);

/** 12 paths of 20 states each, made of one random number after another. */
function paths(width: number, state: (draw: () => number) => readonly number[]): readonly Float64Array[] {
  return Array.from({ length: 12 }, () =>
    Float64Array.from(Array.from({ length: 20 }, () => state(random.normal)).flatMap((row) => row.slice(0, width))),
  );
}

it("tells states that fill their space from those on a sheet", () => {
  const full = stateCoverage({ coordinates: 2, paths: paths(4, (draw) => [draw(), draw(), draw(), draw()]) });
  expect(full.thickness).toBeGreaterThan(0.2);
  expect(full.freeVelocity).toBeGreaterThan(0.5);
  const sheet = stateCoverage({
    coordinates: 2,
    paths: paths(4, (draw) => {
      const [x, y] = [draw(), draw()];
      return [x, y, y, -x];
    }),
  });
  expect(sheet.thickness).toBeLessThan(1e-9);
  expect(sheet.freeVelocity).toBeLessThan(0.05);
});

it("does not take noise for thickness", () => {
  const noisy = paths(4, (draw) => {
    const [x, y] = [draw(), draw()];
    return [x, y, y, -x].map((value) => value + 0.2 * draw());
  });
  const thickness = (noise: number): number => stateCoverage({ coordinates: 2, paths: noisy, noise }).thickness;
  expect(thickness(0)).toBeGreaterThan(0.05);
  expect(thickness(0.25)).toBeLessThan(0.02);
});

it("says nothing of a few states", () => {
  expect(stateCoverage({ coordinates: 1, paths: [Float64Array.of(1, 2, 3, 4)] }).thickness).toBe(0);
});
