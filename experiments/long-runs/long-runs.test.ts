/**
 * The experiment in a reduced form (20,000 steps), its committed numbers, and the interval it rests on: how often it
 * holds the true drift of series that depend on their past.
 */
import { readFileSync } from "node:fs";
import { hostRandom } from "@leastaction/dynamics";
import { describe, expect, it } from "vitest";
import { driftOf } from "./drift.ts";
import { picture } from "./picture.ts";
import { problems } from "./problem.ts";
import { entries, measure, type Row } from "./protocol.ts";
import { type Rounding, rounding } from "./rounding.ts";
import { roundingTable, table } from "./table.ts";

describe("the interval of a drift", () => {
  const next: Readonly<Record<string, (last: number, noise: number) => number>> = {
    "white noise": (_, noise) => noise,
    "an autoregression of 0.9": (last, noise) => 0.9 * last + noise,
    "a random walk": (last, noise) => last + noise,
  };

  it.each(Object.entries(next))("holds the true one in 95 of 100 series of %s, or more", (_, step) => {
    const random = hostRandom(7);
    const trials = 400;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      let value = 0;
      const series = Array.from({ length: 640 }, (__, i) => {
        value = step(value, random.normal());
        return value + (0.01 * i) / 640;
      });
      const { estimate, halfWidth } = driftOf(series);
      if (Math.abs(estimate - 0.01) <= halfWidth) held++;
    }
    // Three standard errors of a share of 0.95 in 400 trials.
    expect(held / trials).toBeGreaterThan(0.95 - 0.033);
  });

  it("is narrow enough to see a drift of a tenth of the noise", () => {
    const random = hostRandom(8);
    const { estimate, halfWidth } = driftOf(Array.from({ length: 6400 }, (_, i) => random.normal() + (0.2 * i) / 6400));
    expect(Math.abs(estimate - 0.2)).toBeLessThan(halfWidth);
    expect(halfWidth).toBeLessThan(0.2);
  });
});

describe("20,000 steps", () => {
  it("keep the energy with a symplectic solver and not with another of the same order", () => {
    const [henonHeiles] = problems;
    const found = entries
      .filter(({ solver }) => ["blanesMoan4", "rk4"].includes(solver.name))
      .map((entry) => measure(henonHeiles as (typeof problems)[number], entry, 20000));
    expect(found.map(({ solver, passes }) => [solver, passes])).toEqual([
      ["blanesMoan4", true],
      ["rk4", false],
    ]);
  });
});

describe("compensated summation", () => {
  it("takes away most of the rounding of 120,000 steps", () => {
    const found = problems.map((problem) => rounding(problem, 120_000));
    const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));
    const plain = largest(found.map((row) => row.plain));
    expect(10 * largest(found.map((row) => row.compensated))).toBeLessThan(plain);
    expect(plain).toBeLessThan(1e-12);
  });
});

describe("the committed results", () => {
  const results = readFileSync(new URL("./results.json", import.meta.url), "utf8");
  const { rows, rounding: rounded } = JSON.parse(results) as { rows: Row[]; rounding: Rounding[] };

  it("are those of every solver on every system over a million steps", () => {
    expect(rows).toHaveLength(entries.length * problems.length);
    for (const { steps } of rows) expect(steps).toBeGreaterThan(999_000);
  });

  it("are those of the page and of its picture", () => {
    const read = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), "utf8");
    expect(read("long-runs.md")).toContain(table(rows));
    expect(read("long-runs.md")).toContain(roundingTable(rounded));
    expect(read("images/long-runs.svg")).toBe(picture(rows));
  });

  it("have a tenth of the rounding, or less, with compensated summation", () => {
    expect(rounded.map(({ problem }) => problem)).toEqual(problems.map(({ name }) => name));
    for (const { plain, compensated } of rounded) expect(10 * Math.abs(compensated)).toBeLessThan(Math.abs(plain));
  });

  it("say of each row what its numbers say", () => {
    for (const { drift, bound, passes } of rows) {
      expect(passes).toBe(Math.abs(drift.estimate) + drift.halfWidth <= bound);
    }
  });
});
