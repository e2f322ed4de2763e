import { readFileSync } from "node:fs";
import path from "node:path";
import { type MotionDiagnosis, simulate, systemNamed } from "@leastaction/dynamics";
import { describe, expect, test } from "vitest";
import { main } from "../main.ts";
import { inFolder, memoryIo } from "../testing/memory-io.ts";

/** `diagnose` in a folder with these files. */
async function diagnosed(line: string, files: Readonly<Record<string, string>> = {}) {
  return await inFolder(files, async (folder) => {
    const io = memoryIo(folder);
    const status = await main(["diagnose", ...line.split(" "), "--target", "wasm"], io);
    const read = (name: string): string => readFileSync(path.join(folder, name), "utf8");
    const page = line.includes("--out d") ? read("d/report.html") : "";
    const json = line.includes("--out d") ? read("d/diagnosis.json") : "";
    return { status, out: io.text("out"), error: io.text("error"), page, json };
  });
}

describe("diagnose", () => {
  test("writes five sentences, a page that loads nothing, and the verdicts as JSON", async () => {
    const options = { seed: 1, trajectories: 3, samples: 81, parameters: { damping: 0.2 } };
    const { text } = simulate(systemNamed("oscillator"), options);
    const { status, out, error, page, json } = await diagnosed("swing.csv --json --out d", { "swing.csv": text });
    expect(status).toBe(0);
    const { verdicts, summary } = JSON.parse(out) as MotionDiagnosis;
    expect(verdicts.lagrangian.verdict).toBe("not-enough-data");
    expect(verdicts.lagrangianTimeDependent.verdict).toBe("not-enough-data");
    expect(verdicts.dissipation).toMatchObject({ verdict: "exists", probability: null });
    expect(summary).toHaveLength(5);
    expect(error).toContain("Is there a Lagrangian: Open: in one dimension every field has a Lagrangian");
    expect((JSON.parse(json) as MotionDiagnosis).verdicts).toEqual(verdicts);
    expect(page).toContain("<h1>Diagnosis of swing.csv</h1>");
    expect(page).toContain("Long-time mean of tr(df/dv)");
    expect(page).not.toMatch(/<script|src=|https?:\/\/(?!www\.w3\.org)/);
  });

  test("tells the whole call, as a shell reads it", async () => {
    const { text } = simulate(systemNamed("oscillator"), { seed: 1, trajectories: 1, samples: 41 });
    const name = "a-swing's.csv";
    const flags = "--start 0.5 --missing -999,ERR --time-budget 20 --steps 5 --out d";
    const { page } = await diagnosed(`${name} ${flags}`, { [name]: text });
    expect(page).toContain("leastaction diagnose 'a-swing'\\''s.csv' --missing -999,ERR --start 0.5");
    expect(page).toContain("--seed 0 --steps 5 --time-budget 20 --target wasm");
  });

  test("is told before it computes that a place would lose something, or cannot be written", async () => {
    const run = await diagnosed("system:oscillator --out .", { "run.json": "{}", "report.html": "kept" });
    expect(run.status).toBe(2);
    expect(run.error).toContain(
      "expected a folder for the diagnosis alone, got a run, whose report.html would be lost",
    );
    const file = await diagnosed("system:oscillator --out a.txt", { "a.txt": "kept" });
    expect(file.status).toBe(2);
    expect(file.error).toContain("expected a place that can be written, got a file where a folder is needed (ENOTDIR)");
    for (const { error } of [run, file]) expect(error).not.toContain("%");
  });

  test.each([
    ["system:lorenz", "expected a system of second order, got one of first order in x, y, z"],
    ["system:oscilator", "Cannot find a system"],
    ["system:oscillator more.csv", "expected it alone, got more.csv beside it"],
    ["table.csv --set damping=1", "Cannot use --set: expected system:NAME, got table.csv"],
  ])("refuses %s", async (line, message) => {
    const { status, error } = await diagnosed(line);
    expect(status).toBe(2);
    expect(error).toContain(message);
  });
});
