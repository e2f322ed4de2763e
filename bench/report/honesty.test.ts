import { expect, test } from "vitest";
import type { SystemFacts } from "../contender.ts";
import type { Measurement } from "../measure.ts";
import { honestyLines, honestyOf } from "./honesty.ts";

const floor = { against: "torch-plain", ratio: 115 };

function measured(system: string, ms: number, change: Partial<SystemFacts> = {}): Measurement<SystemFacts> {
  const facts = { bytes: null, firstCallMs: 1, dtype: "float32", threads: 1, ...change } as const;
  return { system, facts, rounds: [ms], lastLoss: 1 };
}

test("the C meets its floor within 1.15, against the peer on one thread", () => {
  const isMet = (ms: number) =>
    honestyOf("vin-sv", [measured("c", 1), measured("torch-plain", ms)], { floor }).floor?.met;
  expect(isMet(100.1)).toBe(true);
  expect(isMet(99.9)).toBe(false);
  const two = measured("torch-plain", 200, { threads: 2 });
  expect(honestyOf("vin-sv", [measured("c", 1), two], { floor }).floor).toBeNull();
});

test("the share of the peak is told where the C states its arithmetic", () => {
  const honesty = honestyOf("vin-sv", [measured("c", 2, { flops: 1e8, peakGflops: 100 })], {});
  expect(honesty.peak).toEqual({ reached: 50, possible: 100, share: 0.5 });
  expect(honestyLines(honesty)).toEqual(["c runs at 50 GFLOP/s, 50 % of a bare multiply-add loop (100)"]);
  expect(honestyLines(honestyOf("vin-sv", [measured("c", 2)], {}))).toEqual([]);
});
