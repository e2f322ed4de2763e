import type { ExperimentRow } from "@leastaction/dynamics";
import { describe, expect, it } from "vitest";
import { experimentReport } from "./experiment-report.ts";
import type { ExperimentResults } from "./results.ts";
import { resultsText } from "./results-text.ts";
import { seedsText, trainingLines } from "./training-text.ts";

const row: ExperimentRow = {
  grid: null,
  name: "ours",
  quantity: "error",
  published: null,
  ours: 0.1234,
  spread: [0.1, 0.2],
  seeds: [0, 1, 2],
  bar: null,
  holds: null,
  note: "",
};
const environment: ExperimentResults["trainings"][number]["environment"] = {
  date: "2026-01-01",
  leastaction: "0",
  node: "v20",
  target: "wasm",
  processor: "one",
  cores: 1,
  system: "any",
};
const results: ExperimentResults = {
  experiment: "grids",
  title: "Grids",
  source: "Nobody, 2000",
  form: "full",
  control: null,
  controlSummary: null,
  complete: true,
  missing: [],
  holds: false,
  statistic: { ours: "geometric mean", spread: "95 % interval" },
  rows: [row],
  settings: { ours: { rate: 1 } },
  trainings: [],
};
const inGrid = (name: string, quantity: string, more: Partial<ExperimentRow> = {}): ExperimentRow => ({
  ...row,
  grid: "Errors",
  name,
  quantity,
  ...more,
});
const grid = [
  inGrid("ours", "x"),
  inGrid("theirs", "x", { ours: null, spread: null, note: "2 failed" }),
  inGrid("ours", "v", { ours: 2, bar: { is: "at most", value: 1 }, holds: false }),
];

describe("the table of a reproduction", () => {
  it("has the columns that say something", () => {
    const text = resultsText(results);
    expect(text).toMatch(/part +quantity +ours +spread +seeds\n +ours +error +0\.123 +0\.1 to 0\.2 +0 to 2\n/);
    expect(text).not.toMatch(/published|bar/);
  });

  it("sets what was measured of several parts side by side", () => {
    const text = resultsText({ ...results, rows: grid });
    expect(text).toContain("Errors (geometric mean, 95 % interval)");
    expect(text).toMatch(/\n +ours +theirs\n +x +0\.123 \[0\.1, 0\.2\] +none 2 failed\n/);
    expect(text).toMatch(/\n +v +2 \[0\.1, 0\.2\], at most 1: FAILS +–\n +seeds +0 to 2 +0 to 2\n/);
  });

  it("says what a control did, and whether it shows what it must", () => {
    const judged = { ...row, bar: { is: "at most", value: 1 }, holds: true } as const;
    const control = { ...results, control: "still", controlSummary: "nothing moves" };
    const told = (holds: boolean): string => resultsText({ ...control, rows: [judged, { ...judged, holds }] });
    expect(told(false)).toContain("Control still: nothing moves. 1 of 2 rows with a bar fails, as some must.\n");
    expect(told(true)).toContain("and 0 of 2 rows with a bar fail: the table shows nothing.\n");
    expect(resultsText(control)).toContain("none has a bar yet.\n");
    expect(experimentReport({ ...control, rows: [judged] }, [])).toContain("<p>Control still: nothing moves. Some");
  });

  it("says what is not trained yet", () => {
    const missing = ["ours", "theirs"].flatMap((part) => [0, 1, 2, 5].map((seed) => ({ part, seed })));
    const text = resultsText({ ...results, complete: false, missing: missing.slice(0, 5) });
    expect(text).toContain("\nNot trained yet: ours with seeds 0 to 2, 5; theirs with seed 0.\n");
    expect(resultsText(results)).not.toContain("Not trained yet");
  });

  it("is the same on a page, where what misses its bar is red", () => {
    const page = experimentReport({ ...results, rows: grid }, []);
    expect(page).toContain("<h2>Errors</h2>");
    expect(page).toContain('<span class="fails">2 <small class="beside">[0.1, 0.2], at most 1: FAILS</small></span>');
    expect(page).not.toContain("beside ours");
    expect(experimentReport(results, [])).toContain("<h2>Results</h2>");
    expect(experimentReport({ ...results, rows: [{ ...row, published: 1 }] }, [])).toContain("published number beside");
  });
});

describe("trainings", () => {
  it("stand together where they were made alike", () => {
    const trained = (seed: number, seconds: number, steps = 10) => {
      return { part: "a", seed, status: "finished", steps, seconds, measures: {}, environment };
    };
    const lines = trainingLines([trained(0, 5), trained(1, 7), trained(2, 7, 4)]);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^a with seeds 0, 1: finished, 10 steps in 5 to 7 s each \(date /);
    expect(lines[1]).toMatch(/^a with seed 2: finished, 4 steps in 7 s \(/);
  });

  it("have their seeds told in runs", () => {
    expect(seedsText([])).toBe("");
    expect(seedsText([3, 1, 2, 5, 7, 8])).toBe("1 to 3, 5, 7, 8");
  });
});
