import { expect, test } from "vitest";
import type { SystemFacts } from "../contender.ts";
import type { Measurement } from "../measure.ts";
import type { SolveFacts } from "../workloads/solve-workload.ts";
import { honestyOf } from "./honesty.ts";
import { solveRowsOf } from "./solve-rows.ts";
import { tableOf } from "./table.ts";

const known = { errorLimit: 1e-5, floor: { against: "diffrax", ratio: 9.4 } };

function measured(system: string, rounds: readonly number[], error = 1e-6): Measurement<SolveFacts & SystemFacts> {
  const facts = { error, accepted: 1000, rejected: 7, bytes: 8, firstCallMs: 1, dtype: "float64", threads: 1 } as const;
  return { system, facts, rounds, lastLoss: Number.NaN };
}

test("time is told per solve and per accepted step", () => {
  const [row] = solveRowsOf("lorenz", [measured("c", [0.5, 1, 2])], known);
  expect(row?.medianMs).toBe(1);
  expect(row?.nsPerAcceptedStep).toBe(1000);
});

test("equal work means an error within its limit", () => {
  const isEqual = (error: number) => solveRowsOf("lorenz", [measured("c", [1], error)], known)[0]?.equalWork;
  expect(isEqual(1e-5)).toBe(true);
  expect(isEqual(1.1e-5)).toBe(false);
  expect(isEqual(Number.NaN)).toBe(false);
});

test("the table holds steps and error, ratios to C and whether C is honest", () => {
  const measurements = [measured("c", [1, 2, 4]), measured("diffrax", [9, 20, 40]), measured("wasm", [3, 4, 8])];
  const honesty = honestyOf("lorenz", measurements, known);
  const lines = tableOf(solveRowsOf("lorenz", measurements, known), known, honesty);
  expect(lines[0]).toBe("lorenz (float64, ms a solve, median of 3 rounds)");
  expect(lines[4]).toMatch(
    /wasm +1 +4\.000 +3\.000\.\.8\.000 +2\.00 +2\.00\.\.3\.00 +4000 +1000 +7 +1\.0e-6 +1\.00 +8 +1\.00 +yes$/,
  );
  expect(lines.at(-1)).toBe("  c is 10.0 times as fast as diffrax; floor 9.4 within 1.15: met");
});
