import { readFileSync } from "node:fs";
import { dop853, type Solver, tsit5, vern7 } from "@leastaction/dynamics";
import { wasm } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { problems } from "./detest.ts";
import { type DoubleDouble, decimal, doubleDouble, exactly, quotient } from "./double-double.ts";
import { drawings } from "./drawing.ts";
import { adaptive } from "./integration.ts";
import { withTables } from "./page.ts";
import { end } from "./problem.ts";
import { referenceOf } from "./reference.ts";
import { readReferences, readRows } from "./results.ts";

const references = readReferences();

/** The largest error over tolerance at the end that a solver may have on any problem; orbits are the worst. */
const bounds: readonly (readonly [Solver, number, number])[] = [
  [tsit5, 1e-6, 100],
  [vern7, 1e-8, 20],
  [dop853, 1e-9, 100],
];

describe.each(bounds)("$name at $tolerance", (solver, tolerance, multiple) => {
  it.each(problems.map((problem) => [problem.name, problem] as const))("solves %s", (name, problem) => {
    const outcome = adaptive(problem, solver, references.get(name) as readonly number[], wasm())(tolerance);
    expect(outcome?.error).toBeLessThan(multiple * tolerance);
  });
});

describe("references", () => {
  const { add, sub, mul, div, square, sqrt, sin, cos } = doubleDouble;
  const committed = (name: string): readonly string[] => {
    const file = readFileSync("experiments/work-precision/references.json", "utf8");
    const { references: all } = JSON.parse(file) as { references: { name: string; y: string[] }[] };
    return all.find((each) => each.name === name)?.y ?? [];
  };
  /** 25 decimal places, so that the last unit of a component may differ. */
  const places = (value: DoubleDouble): string => decimal(value, 26).slice(0, -1);

  it.each(["A3", "B4", "D3", "E3"])("are found again: %s", (name) => {
    const problem = problems.find((each) => each.name === name);
    const found = problem === undefined ? [] : referenceOf(problem).y;
    expect(found.map((value) => value.slice(0, -1))).toEqual(committed(name).map((value) => value.slice(0, -1)));
  });

  it("meet the closed solutions of A2 and A4", () => {
    expect(committed("A2")[0]?.slice(0, -1)).toBe(places(exactly(div(1, sqrt(21)))));
    const decay = exponential(-5);
    expect(committed("A4")[0]?.slice(0, -1)).toBe(places(exactly(div(20, add(1, mul(19, decay))))));
  });

  it.each(["D1", "D2", "D3", "D4", "D5"])("meet Kepler's equation: %s", (name) => {
    const start = problems.find((each) => each.name === name)?.start ?? [];
    const [near, speed] = [start[0] as number, start[3] as number];
    // The orbit of the start as it is in float64.
    const axis = div(1, sub(div(2, near), square(speed)));
    const eccentricity = sub(1, div(near, axis));
    const turned = div(end, mul(axis, sqrt(axis)));
    let anomaly = turned;
    for (let k = 0; k < 60; k++) {
      const rest = sub(sub(anomaly, mul(eccentricity, sin(anomaly))), turned);
      anomaly = sub(anomaly, div(rest, sub(1, mul(eccentricity, cos(anomaly)))));
    }
    const a = mul(axis, sub(cos(anomaly), eccentricity));
    const b = mul(axis, sqrt(sub(1, square(eccentricity))), sin(anomaly));
    const [first, second] = committed(name);
    expect([first, second].map((value) => value?.slice(0, -1))).toEqual([a, b].map((value) => places(exactly(value))));
  });

  /** e^x by its series at x / 1024. */
  function exponential(x: number): DoubleDouble {
    let [total, term]: [DoubleDouble, DoubleDouble] = [
      [1, 0],
      [1, 0],
    ];
    for (let k = 1; k < 20; k++) {
      term = quotient(exactly(mul(term, x / 1024)), [k, 0]);
      total = exactly(add(total, term));
    }
    for (let k = 0; k < 10; k++) total = exactly(mul(total, total));
    return total;
  }
});

describe("the page", () => {
  const rows = readRows();

  it("has the tables of the results", () => {
    const page = readFileSync("docs/work-precision.md", "utf8");
    expect(page, "npm run experiment -- work-precision --draw").toBe(withTables(page, rows));
  });

  it("has the drawings of the results", () => {
    for (const [file, text] of drawings(rows)) {
      expect(readFileSync(file, "utf8") === text, `${file}: npm run experiment -- work-precision --draw`).toBe(true);
    }
  });
});
