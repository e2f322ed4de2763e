import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Comparison } from "../compare/comparison.ts";
import { type RunJson, runJson } from "../compare/testing/run-json.ts";
import { main } from "../main.ts";
import { inFolder, memoryIo } from "../testing/memory-io.ts";

interface Called {
  readonly status: number;
  readonly out: string;
  readonly error: string;
  readonly read: (name: string) => string;
}

/** `compare` over runs of these contents; text stands as it is. */
async function compared(line: string, runs: Readonly<Record<string, RunJson | string | null>>): Promise<Called> {
  return await inFolder({}, async (folder) => {
    for (const [name, content] of Object.entries(runs)) {
      mkdirSync(path.join(folder, name));
      if (content === null) continue;
      const text = typeof content === "string" ? content : JSON.stringify(runJson(content));
      writeFileSync(path.join(folder, name, "run.json"), text);
    }
    const io = memoryIo(folder);
    const status = await main(["compare", ...line.split(" ")], io);
    const files = new Map<string, string>();
    const read = (name: string): string => files.get(name) ?? "";
    for (const name of ["table.tex", "errors.csv", "figures/paired.svg", "figures/errors-theta.svg"]) {
      try {
        files.set(name, readFileSync(path.join(folder, name), "utf8"));
      } catch {
        // Not asked for.
      }
    }
    return { status, out: io.text("out"), error: io.text("error"), read };
  });
}

const better = { network: [[0.5, 0.5, 0.4, 0.6, 0.5, 0.9, 0.5]] };

describe("compare", () => {
  test("tells models apart only where the interval over recordings leaves out 1", async () => {
    const { out, status } = await compared("a b --json", { a: {}, b: { errors: better, kind: "network" } });
    expect(status).toBe(0);
    const { rows, reference } = JSON.parse(out) as Comparison;
    expect(reference).toBe("pendulum");
    expect(rows.map(({ name, verdict }) => [name, verdict])).toEqual([
      ["network", "better"],
      ["pendulum", "reference"],
      ["hold", "worse"],
    ]);
    expect(rows[0]?.ratio).toEqual({ median: 0.5, low: 0.4, high: 0.9, confidence: 1 - 2 / 128 });
    const unclear = await compared("a --json", {
      a: { errors: { one: [[1, 1, 1, 1, 1, 1]], two: [[0.5, 0.5, 0.5, 0.5, 0.5, 1.1]] } },
    });
    expect((JSON.parse(unclear.out) as Comparison).rows[0]?.verdict).toBe("cannot be told apart");
  });

  test("never claims a difference on fewer than six recordings", async () => {
    const { out } = await compared("a", { a: { errors: { one: [[1, 1, 1, 1, 1]], two: [[9, 9, 9, 9, 9]] } } });
    expect(out).toContain("cannot be told apart");
    expect(out).toContain("Six recordings are needed");
  });

  test("takes the median over seeds, recording by recording", async () => {
    const errors = {
      one: [[2, 2, 2, 2, 2, 2]],
      two: [
        [1, 1, 1, 1, 1, 1],
        [4, 4, 4, 4, 4, 4],
        [8, 8, 8, 8, 8, 8],
      ],
    };
    const { rows } = JSON.parse((await compared("a --json", { a: { errors } })).out) as Comparison;
    const two = rows.find(({ name }) => name === "two");
    expect(two?.rmse.theta).toEqual({ median: 4, low: 1, high: 8, confidence: 0.75 });
    expect(two?.ratio?.median).toBe(2);
  });

  test("names the run where two have the same model, and takes another reference", async () => {
    const { out } = await compared("a b --reference hold", {
      a: {},
      b: { errors: { pendulum: [[2, 2, 2, 2, 2, 2, 2]] } },
    });
    expect(out).toContain("a: pendulum");
    expect(out).toContain("b: pendulum");
    expect(out).toContain("error / hold");
  });

  test("says whether networks had equal steps and equal time", async () => {
    const network = { errors: better, kind: "network" };
    const other = { errors: { another: better.network }, kind: "network" };
    const differing = await compared("a b", { a: network, b: { ...other, steps: 300 } });
    expect(differing.out).toContain("steps differ (100 to 300)");
    expect(differing.out).toContain("time differs");
    const equal = await compared("a b", { a: { ...network, timeBudget: 60 }, b: { ...other, timeBudget: 60 } });
    expect(equal.out).toContain("equal steps: every network took 100");
    expect(equal.out).toContain("equal time: every run had a budget of 60 s");
  });

  test("writes LaTeX, tidy CSV and drawings", async () => {
    const { read } = await compared("a --latex table.tex --csv errors.csv --figures figures", { a: {} });
    expect(read("table.tex")).toContain("Model & Seeds & RMSE of theta (deg) & Valid time (s) & Error / pendulum");
    expect(read("table.tex")).toContain("hold & 1 & $6$");
    const [head, ...lines] = read("errors.csv").trim().split("\n");
    expect(head).toBe('model,seed,trajectory,coordinate,unit,rmse,"fit [%]",valid_time [s]');
    expect(lines).toHaveLength(14);
    expect(lines).toContain("hold,0,run3,theta,deg,8,92,1.25");
    expect(read("figures/paired.svg")).toContain("error / error of pendulum");
    expect(read("figures/errors-theta.svg")).toContain("RMSE of theta (deg)");
  });

  test.each<readonly [string, string, Readonly<Record<string, RunJson | string | null>>, string, string]>([
    ["no folder", "a", {}, "expected a folder with a run.json, got none", "that fit has written"],
    ["a folder without a run", "a", { a: null }, "expected a folder with a run.json, got none", "fit has written"],
    ["no JSON", "a", { a: "{" }, "a run.json that can be read", "fit has written"],
    ["another layout", "a", { a: "{}" }, "expected a run.json of schema 1, got format", "Fit again"],
    [
      "a run that is not finished",
      "a",
      { a: { status: "running" } },
      "got one that is running",
      "let it come to its end",
    ],
    ["other data", "a b", { a: {}, b: { measurements: "x" } }, "expected the same measurements", "the same files"],
    ["another split", "a b", { a: {}, b: { uses: ["train: run9"] } }, "got train: run9", "the same shares"],
    ["another start", "a b", { a: {}, b: { observe: 1 } }, "got 1 s observed, not 0.5 s", "--rate"],
    ["an unknown reference", "a --reference x", { a: {} }, "expected one of pendulum, hold, got another name", "--ref"],
  ])("refuses %s", async (_, line, runs, problem, remedy) => {
    const { status, out, error } = await compared(line, runs);
    expect(error).toContain(problem);
    expect(error.trimEnd().split("\n").at(-1)).toContain(remedy);
    expect([status, out]).toEqual([2, ""]);
  });
});
