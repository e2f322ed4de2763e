import { expect, test } from "vitest";
import type { CommonRow } from "./rows.ts";
import { summaryOf } from "./summary.ts";
import { fastestPeer, verdictOn } from "./verdict.ts";

const known = { bars: { "native-fast": 1.25 } };

function rowOf(system: string, medianMs: number, change: Partial<CommonRow> = {}): CommonRow {
  const spread = { median: medianMs, min: medianMs, max: medianMs };
  const times = { rounds: 1, medianMs, minMs: medianMs, maxMs: medianMs, timesC: spread, firstCallMs: 1 };
  const rest = { dtype: "float32", threads: 1, bytes: null, bytesTimesC: null, equalWork: true };
  return { workload: "hnn", system, ...times, ...rest, ...change };
}

test("a bar holds up to its ratio, and only with equal work", () => {
  const isMet = (row: CommonRow) => verdictOn(row, [row], known)?.met;
  expect(isMet(rowOf("native-fast", 1.25))).toBe(true);
  expect(isMet(rowOf("native-fast", 1.26))).toBe(false);
  expect(isMet(rowOf("native-fast", 1, { equalWork: false }))).toBe(false);
  expect(verdictOn(rowOf("native-fast", 1, { timesC: null }), [], known)).toBeNull();
  expect(verdictOn(rowOf("wasm", 1), [], known)).toBeNull();
});

test("native is held to the fastest peer that did equal work on one thread", () => {
  const wrong = rowOf("torch", 1, { equalWork: false });
  const two = rowOf("jax", 2, { threads: 2 });
  const rows = [rowOf("c", 0.5), wrong, two, rowOf("jax", 3), rowOf("native", 2.5), rowOf("native-fast", 2)];
  expect(fastestPeer(rows)).toMatchObject({ medianMs: 3 });
  expect(verdictOn(rowOf("native", 2.5), rows, known)).toEqual({ met: true, against: "1.20x jax" });
  expect(verdictOn(rowOf("native", 3), rows, known)?.met).toBe(false);
  expect(verdictOn(rowOf("native", 1), [two], known)).toEqual({ met: true, against: "2.00x jax on 2 threads" });
  expect(verdictOn(rowOf("native", 1), [wrong], known)).toBeNull();
});

test("the summary is one line a workload, with what misses its bar", () => {
  const rows = [rowOf("c", 1), rowOf("jax", 3), rowOf("native", 3.5), rowOf("native-fast", 1.2)];
  const lines = summaryOf([
    { rows, known },
    { rows: [rowOf("c", 1, { workload: "cnf" }), rowOf("native-fast", 2, { equalWork: false })], known },
  ]);
  expect(lines[0]).toMatch(/times C +native +native-fast +fastest peer +misses its bar/);
  expect(lines[1]).toMatch(/^hnn +3\.50 +1\.20 +3\.00 +jax +native$/);
  expect(lines[2]).toMatch(/^cnf +- +2\.00 \(NO equal work\) +- +- +native-fast$/);
});
