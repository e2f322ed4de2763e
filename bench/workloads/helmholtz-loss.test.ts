import { at, div, evaluate, full, mul, square, stack, type Tensor } from "@leastaction/tensor";
import { expect, test } from "vitest";
import { type Field, helmholtzAt } from "./helmholtz-loss.ts";
import { scalar, tensorOf } from "./workload.ts";

const place = tensorOf([1.3, 0.7], [2], "float64");
const speed = tensorOf([-0.4, 0.9], [2], "float64");

/** Free motion in polar coordinates, the field of the Lagrangian (r'² + r² phi'²) / 2. */
const free: Field = (_, x, v) => {
  const [r, rDot, phiDot] = [at(x, 0), at(v, 0), at(v, 1)];
  return stack([mul(r, square(phiDot)), div(mul(-2, rDot, phiDot), r)]);
};

/** The diagonal matrix of the numbers that `entries` makes of the radius. */
const diagonal =
  (entries: (r: Tensor) => readonly [Tensor, Tensor]): Field =>
  (_, x) => {
    const [a, b] = entries(at(x, 0));
    const zero = full([], 0);
    return stack([stack([a, zero]), stack([zero, b])]);
  };

function lossOf(field: Field, metric: Field): number {
  const found = evaluate(
    (t: Tensor, x: Tensor, v: Tensor) => helmholtzAt(field, metric, [t, x, v]),
    scalar(0.2, "float64"),
    place,
    speed,
  );
  return Number(found.data[0]);
}

test("is zero for a field and the mass matrix of its Lagrangian", () => {
  expect(
    lossOf(
      free,
      diagonal((r) => [full([], 1), square(r)]),
    ),
  ).toBeLessThan(1e-24);
});

test("is that of the residuals for another matrix", () => {
  // Phi is zero for free motion, and the matrix is constant: only H2 is left, the symmetric part of g Jv.
  const [r, u, w] = [1.3, -0.4, 0.9];
  const scale = 10 * (2 + 1e-6);
  const square = (residual: number): number => (10 * Math.tanh(residual / scale)) ** 2;
  const [mixed, second] = [(2 * (2 * r * w) + 3 * ((-2 * w) / r)) / 2, (3 * (-2 * u)) / r];
  expect(
    lossOf(
      free,
      diagonal(() => [full([], 2), full([], 3)]),
    ),
  ).toBeCloseTo((2 * square(mixed) + square(second)) / 4, 12);
});

test("sees a slope of the matrix along the velocity that is no second derivative", () => {
  const still: Field = (_, x) => mul(0, x);
  const byVelocity: Field = (_, __, v) => {
    const zero = full([], 0);
    const first = mul(2, at(v, 1));
    return stack([stack([first, zero]), stack([zero, full([], 3)])]);
  };
  const scale = 10 * (1.8 + 1e-6);
  expect(lossOf(still, byVelocity)).toBeCloseTo((2 * (10 * Math.tanh(2 / scale)) ** 2) / 8, 12);
});
