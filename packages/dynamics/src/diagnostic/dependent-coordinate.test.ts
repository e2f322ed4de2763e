import { expect, it } from "vitest";
import { hostRandom } from "../random/host-random.ts";
import { dependentCoordinate } from "./dependent-coordinate.ts";

/** [200, 2] of x and what follows from it, with noise. */
function positions(law: (x: number, other: number) => number, noise: number): Float64Array {
  const { normal } = hostRandom(2);
  return Float64Array.from(
    Array.from({ length: 200 }, () => {
      const x = normal();
      return [x, law(x, normal()) + noise * normal()];
    }).flat(),
  );
}

it("finds a coordinate that is twice another, also under noise", () => {
  const found = dependentCoordinate(
    positions((x) => 2 * x + 5, 0.02),
    [0.001, 0.02],
  );
  expect(found?.coordinate).toBe(1);
  expect(found?.factors[0]).toBeCloseTo(2, 1);
});

it("finds a coordinate that rests", () => {
  expect(
    dependentCoordinate(
      positions(() => 3, 0),
      [0, 0],
    )?.coordinate,
  ).toBe(1);
});

it("leaves coordinates that go together without following", () => {
  expect(
    dependentCoordinate(
      positions((x, other) => x + 0.3 * other, 0),
      [0.01, 0.01],
    ),
  ).toBeNull();
});
