import { expect, test } from "vitest";
import type { SystemFacts } from "../contender.ts";
import type { Measurement } from "../measure.ts";
import type { SolveFacts } from "../workloads/solve-workload.ts";
import { solveRowOf } from "./solve-rows.ts";
import { solveTableOf } from "./solve-table.ts";

const known = { errorLimit: 1e-5 };

function measured(system: string, rounds: readonly number[], error = 1e-6): Measurement<SolveFacts & SystemFacts> {
  const facts = { error, accepted: 1000, rejected: 7, bytes: 8, firstCallMs: 1, dtype: "float64", threads: 1 } as const;
  return { system, facts, rounds, lastLoss: Number.NaN };
}

test("time is told per solve and per accepted step", () => {
  const row = solveRowOf("lorenz", measured("c", [0.5, 1, 2]), known);
  expect(row.medianMs).toBe(1);
  expect(row.nsPerAcceptedStep).toBe(1000);
});

test("equal work means an error within its limit", () => {
  const isEqual = (error: number) => solveRowOf("lorenz", measured("c", [1], error), known).equalWork;
  expect(isEqual(1e-5)).toBe(true);
  expect(isEqual(1.1e-5)).toBe(false);
  expect(isEqual(Number.NaN)).toBe(false);
});

test("the table holds ratios to C and whether C is honest", () => {
  const measurements = [measured("c", [1, 2, 4]), measured("diffrax", [9, 20, 40]), measured("wasm", [3, 4, 8])];
  const lines = solveTableOf(
    measurements.map((measurement) => solveRowOf("lorenz", measurement, known)),
    measurements,
  );
  expect(lines[0]).toBe("lorenz (float64, 1 thread, median of 3 rounds)");
  expect(lines[4]).toMatch(
    /wasm +4\.000 +3\.000 +8\.000 +2\.00 +2\.00\.\.3\.00 +4000 +1000 +7 +1\.0e-6 +1\.00 +8 +yes/,
  );
  expect(lines.at(-1)).toBe("  c is 10.0 times as fast as diffrax; floor 9.4 within 1.15: reached");
});
