import { array, at, exp, mul, reference, sub, type Tensor } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { hostRandom } from "../random/host-random.ts";
import { compileLeastSquares } from "./compile-least-squares.ts";
import { type LeastSquaresProblem, levenbergMarquardt } from "./levenberg-marquardt.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** Rosenbrock's valley as residuals: minimum 0 at (1, 1). */
const rosenbrock: LeastSquaresProblem = {
  residuals: ([x, y]) => [10 * ((y as number) - (x as number) ** 2), 1 - (x as number)],
  jacobian: ([x]) => [-20 * (x as number), 10, -1, 0],
  start: [-1.2, 1],
};

/** Misra1a of the NIST reference data sets: y = b1 (1 - exp(-b2 x)), certified to 11 digits. */
const misra = {
  y: [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.4, 75.47, 81.78],
  x: [77.6, 114.9, 141.1, 190.8, 239.9, 289, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760],
};
const saturation = (b: Tensor, data: { readonly x: Tensor; readonly y: Tensor }): Tensor =>
  sub(mul(at(b, 0), sub(1, exp(mul(-1, at(b, 1), data.x)))), data.y);

/** A straight line with numbers made from a seed; `outliers` are added to every tenth point. */
function line(noise: number, outliers: number, seed = 11): LeastSquaresProblem {
  const random = hostRandom(seed);
  const points = Array.from({ length: 60 }, (_, i) => {
    const x = i / 10;
    return { x, y: 2 - 0.7 * x + noise * random.normal() + (i % 10 === 3 ? outliers : 0) };
  });
  return {
    residuals: ([a, b]) => points.map(({ x, y }) => (a as number) + (b as number) * x - y),
    jacobian: () => points.flatMap(({ x }) => [1, x]),
    start: [0, 0],
  };
}

describe("levenbergMarquardt", () => {
  it("finds the bottom of Rosenbrock's valley", () => {
    const fit = levenbergMarquardt(rosenbrock);
    expect(fit.parameters[0]).toBeCloseTo(1, 9);
    expect(fit.parameters[1]).toBeCloseTo(1, 9);
    expect(fit.cost).toBeLessThan(1e-18);
    expect(fit.iterations).toBeLessThan(40);
  });

  it.each([
    [500, 0.0001],
    [250, 0.0005],
  ])("reproduces the certified Misra1a from (%d, %d)", (b1, b2) => {
    const data = { x: array(misra.x), y: array(misra.y) };
    const problem = compileLeastSquares(saturation as never, 2, data, reference());
    const fit = levenbergMarquardt({ ...problem, start: [b1, b2] });
    expect((fit.parameters[0] as number) / 238.94212918).toBeCloseTo(1, 8);
    expect((fit.parameters[1] as number) / 5.5015643181e-4).toBeCloseTo(1, 8);
    expect((fit.standardErrors[0] as number) / 2.7070075241).toBeCloseTo(1, 6);
    expect((fit.standardErrors[1] as number) / 7.2668688436e-6).toBeCloseTo(1, 6);
    expect(fit.residualDeviation / 0.1018787633).toBeCloseTo(1, 7);
    expect(["gradientSmall", "costSettled", "stepSmall"]).toContain(fit.status);
  });

  it("gives intervals that hold the truth as often as they say", () => {
    const seeds = Array.from({ length: 400 }, (_, seed) => seed);
    const fits = seeds.map((seed) => levenbergMarquardt(line(0.05, 0, seed)));
    // 2.00 is the two-sided 95 % point of Student's t with 58 degrees of freedom.
    [2, -0.7].forEach((truth, j) => {
      const held = fits.filter(
        ({ parameters, standardErrors }) =>
          Math.abs((parameters[j] as number) - truth) <= 2 * (standardErrors[j] as number),
      );
      expect(held.length / seeds.length).toBeGreaterThan(0.92);
      expect(held.length / seeds.length).toBeLessThan(0.98);
    });
  });

  it("resists outliers with Huber's loss", () => {
    const plain = levenbergMarquardt(line(0.01, 3));
    const robust = levenbergMarquardt(line(0.01, 3), { huber: 0.02 });
    expect(Math.abs((plain.parameters[0] as number) - 2)).toBeGreaterThan(0.2);
    expect(Math.abs((robust.parameters[0] as number) - 2)).toBeLessThan(0.02);
  });

  it("stops at a bound and says so", () => {
    const fit = levenbergMarquardt({ ...rosenbrock, upper: [0.5, 9] });
    expect(fit.parameters[0]).toBe(0.5);
    expect(fit.parameters[1]).toBeCloseTo(0.25, 8);
    expect(fit.atBound).toEqual([true, false]);
  });

  it("tells which parameters only matter as a product", () => {
    const times = [0, 1, 2, 3];
    const fit = levenbergMarquardt({
      residuals: ([a, b, c]) => times.map((t) => (a as number) * (b as number) * t + (c as number) - (6 * t + 1)),
      jacobian: ([a, b]) => times.flatMap((t) => [(b as number) * t, (a as number) * t, 1]),
      start: [1, 4, 0],
    });
    expect((fit.parameters[0] as number) * (fit.parameters[1] as number)).toBeCloseTo(6, 8);
    expect(fit.rank).toBe(2);
    expect([...fit.standardErrors].map(Number.isFinite)).toEqual([false, false, true]);
    const weakest = fit.directions[2]?.direction as readonly number[];
    expect(Math.abs(weakest[0] as number)).toBeCloseTo(Math.SQRT1_2, 6);
    expect((weakest[0] as number) * (weakest[1] as number)).toBeLessThan(0);
  });

  it("reports a start where the residuals are not numbers", () => {
    const fit = levenbergMarquardt({ residuals: () => [Number.NaN], jacobian: () => [1], start: [0] });
    expect(fit.status).toBe("nonFinite");
  });

  it("backs off from steps into the undefined", () => {
    const fit = levenbergMarquardt({
      residuals: ([x]) => [Math.log(x as number)],
      jacobian: ([x]) => [1 / (x as number)],
      start: [5],
    });
    expect(fit.parameters[0]).toBeCloseTo(1, 9);
  });

  it("refuses bounds that cross", () => {
    expect(() => levenbergMarquardt({ ...rosenbrock, lower: [0, 2], upper: [1, 1] })).toThrow(
      "Cannot fit by least squares: expected parameters with lower bounds at or below upper ones, got 2 and 1 for parameter 1",
    );
  });
});

describe("symmetricEigen", () => {
  it("finds small eigenvalues of a graded matrix", () => {
    const { values, vectors } = symmetricEigen([4, 1, 0, 1, 3, 1, 0, 1, 2], 3);
    expect(values[0]).toBeCloseTo(3 + Math.sqrt(3), 13);
    expect(values[1]).toBeCloseTo(3, 13);
    expect(values[2]).toBeCloseTo(3 - Math.sqrt(3), 13);
    const [x, y, z] = vectors[1] as [number, number, number];
    expect(4 * x + y).toBeCloseTo(3 * x, 13);
    expect(Math.hypot(x, y, z)).toBeCloseTo(1, 13);
    const graded = symmetricEigen([1, 1e-8, 1e-8, 1e-12], 2);
    expect((graded.values[1] as number) / (1e-12 - 1e-16)).toBeCloseTo(1, 8);
  });
});
