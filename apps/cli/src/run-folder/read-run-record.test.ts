import { describe, expect, it } from "vitest";
import { runRecordOf } from "./read-run-record.ts";

/** As the first release wrote it. */
const first = {
  format: "leastaction-run",
  schema: 1,
  status: "finished",
  started: "2026-11-20T10:00:00.000Z",
  ended: "2026-11-20T10:01:00.000Z",
  command: "leastaction fit swing.csv --model hold --seed 0 --seeds 1",
  configuration: {
    models: ["hold"],
    seed: 0,
    seedCount: 1,
    steps: null,
    timeBudget: null,
    columns: { enc: "angle:deg" },
  },
  data: [{ file: "swing.csv", sha256: "ab", measurements: "cd", bytes: 100, licence: null }],
  seeds: [0],
  software: { leastaction: "0.1.0" },
  hardware: { processor: "a", cores: 2, memoryGiB: 8, system: "Linux" },
  result: { anything: true },
};

describe("a run.json", () => {
  it("of the first release gets what its absent fields stood for", () => {
    const { configuration, given, target, result } = runRecordOf(JSON.stringify(first), "runs/a");
    expect(configuration).toMatchObject({ mean: 1, missing: [], start: null, hold: {}, delay: {}, target: "auto" });
    expect(given).toEqual(["swing.csv"]);
    expect(target.used).toBe("wasm");
    expect(result).toEqual({ anything: true });
  });

  it.each<[string, string, string]>([
    [
      "cut off",
      JSON.stringify(first).slice(0, 90),
      "expected a run.json that can be read, got Unterminated string in JSON",
    ],
    [
      "of a newer schema",
      JSON.stringify({ ...first, schema: 2 }),
      "expected a run.json of schema 1 or older, got schema 2\nUse a newer release.",
    ],
    ["of another kind", '{"format":"package"}', "expected a run.json of schema 1, got another format ("],
    ["that is a list", "[]", "got another content ("],
    [
      "with another field",
      JSON.stringify({ ...first, configuration: { ...first.configuration, seedCount: -1 } }),
      "got another configuration.seedCount (",
    ],
  ])("%s is refused", (_, text, message) => {
    expect(() => runRecordOf(text, "runs/a")).toThrow(`Cannot open the run runs/a: `);
    expect(() => runRecordOf(text, "runs/a")).toThrow(message);
  });
});
