import { describe, expect, it } from "vitest";
import { readTable } from "../data/read-table.ts";
import { numberArithmetic } from "../system/arithmetic.ts";
import { simulate } from "../system/simulate.ts";
import { systemNamed } from "../system/systems.ts";
import { fit } from "../train/fit.ts";
import { candidateTerms, coefficientUnit, termLabel, termValue, userFactor } from "./candidate-terms.ts";
import { plainFacts } from "./testing/plain-facts.ts";

const table = readTable("t [ms],theta [deg],motor [V]\n0,10,1\n1,9,1\n2,7,1", {
  minimumRows: 3,
  columns: { motor: "control:V" },
});

describe("candidate terms", () => {
  it("are monomials without squares of cosines, controls and friction, from the simple to the involved", () => {
    const facts = { ...plainFacts(1, true), controls: [{ name: "motor", scale: 2 }] };
    const labels = candidateTerms(facts).map((term) => termLabel(term, facts, table));
    expect(labels).toHaveLength(19);
    expect(labels.slice(0, 7)).toEqual([
      "",
      "sin(theta)",
      "cos(theta)",
      "theta'",
      "motor",
      "|theta'| theta'",
      "sgn(theta')",
    ]);
    expect(labels).toContain("sin(theta) cos(theta) theta'");
    expect(labels).toContain("theta'^3");
    expect(labels.filter((label) => label.includes("cos(theta)^"))).toEqual([]);
  });

  it("go up to the highest degree that leaves them few", () => {
    const count = (d: number, periodic: boolean): number => candidateTerms(plainFacts(d, periodic)).length;
    expect([count(1, false), count(2, false), count(2, true), count(4, true)]).toEqual([12, 39, 30, 21]);
  });

  it("have the values and coefficients of the user's units", () => {
    const facts = { ...plainFacts(1, true), controls: [{ name: "motor", scale: 2 }] };
    const moment = { positions: [0.3], velocities: [5], controls: [3] };
    const terms = candidateTerms(facts);
    const named = (label: string): (typeof terms)[number] =>
      terms.find((term) => termLabel(term, facts, table) === label) ?? [];
    const term = named("sin(theta) theta'^2");
    expect(termValue(numberArithmetic, term, moment, facts)).toBeCloseTo(Math.sin(0.3) * 2.5 ** 2, 14);
    // The same product of the user's numbers: degrees per second.
    const degreesPerSecond = (5 * 180) / Math.PI;
    expect(userFactor(term, facts, table) * Math.sin(0.3) * degreesPerSecond ** 2).toBeCloseTo(
      Math.sin(0.3) * 2.5 ** 2,
      12,
    );
    expect(coefficientUnit(term, 0, table)).toBe("deg/s^2 per (deg/s)^2");
    const drag = named("|theta'| theta'");
    expect(termValue(numberArithmetic, drag, { ...moment, velocities: [-5] }, facts)).toBe(-(2.5 ** 2));
    expect(userFactor(drag, facts, table) * degreesPerSecond ** 2).toBeCloseTo(2.5 ** 2, 12);
    expect(coefficientUnit(drag, 0, table)).toBe("deg/s^2 per (deg/s)^2");
    const direction = named("sgn(theta')");
    expect(termValue(numberArithmetic, direction, { ...moment, velocities: [-5] }, facts)).toBeCloseTo(-1, 12);
    expect(termValue(numberArithmetic, direction, { ...moment, velocities: [0.01] }, facts)).toBeCloseTo(
      Math.tanh(0.25),
      12,
    );
    expect([userFactor(direction, facts, table), coefficientUnit(direction, 0, table)]).toEqual([1, "deg/s^2"]);
    expect(coefficientUnit(named("motor"), 0, table)).toBe("deg/s^2 per V");
    expect(coefficientUnit(named(""), 0, table)).toBe("deg/s^2");
  });
});

describe("sparse regression", () => {
  it.each([
    ["van-der-pol", "x'' = ", ["x", "x'", "x^2 x'"], [-1, 1, -1]],
    ["duffing", "x'' = ", ["x", "x^3"], [1, -1]],
  ] as const)("finds the equation of %s in noisy data", async (system, left, labels, values) => {
    const { dataset } = simulate(systemNamed(system), {
      seed: 3,
      trajectories: 6,
      duration: 8,
      samples: 200,
      noise: 0.01,
    });
    const run = await fit(dataset, { model: "sparse-regression" });
    const { constants, equations } = run.model.record;
    expect(constants.map(({ name }) => name)).toEqual(labels.map((label) => `x'': ${label}`));
    constants.forEach(({ value, halfWidth }, k) => {
      expect(Math.abs(value - (values[k] as number))).toBeLessThan(0.03);
      expect(halfWidth).toBeGreaterThan(0);
    });
    expect(equations?.[0]?.startsWith(left)).toBe(true);
  });

  it("uses few terms where there is nothing but noise to explain", async () => {
    const { dataset } = simulate(systemNamed("oscillator"), {
      seed: 1,
      trajectories: 6,
      duration: 8,
      samples: 200,
      noise: 0.02,
    });
    const run = await fit(dataset, { model: "sparse-regression" });
    expect(run.model.record.constants.length).toBeLessThanOrEqual(2);
  });
});
