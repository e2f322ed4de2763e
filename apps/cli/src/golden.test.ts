/** Runs that earlier versions wrote open, compare, and forecast what they did; see `testing/golden/README.md`. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Forecast, ForecastColumn, TrainedModel } from "@leastaction/dynamics";
import { wasm } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { readTestedRun } from "./compare/tested-run.ts";
import { main } from "./main.ts";
import { openRun } from "./run-folder/open-run.ts";
import { memoryIo, temporaryFolder } from "./testing/memory-io.ts";

const golden = path.join(import.meta.dirname, "testing", "golden");
const runs = readdirSync(golden, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "data")
  .map(({ name }) => name);

/** From a stated start, with controls that jump where rows are. */
async function forecastOf(model: TrainedModel): Promise<Forecast> {
  const { coordinates, controls } = model.record;
  const from = Object.fromEntries(
    coordinates.flatMap(({ name, velocity }) => [
      [name, 0.4],
      [velocity.name, -0.2],
    ]),
  );
  const pushed = { times: [0, 0.35, 0.7], values: [0.5, -1.25, 0.125] };
  const driven = Object.fromEntries(controls.map(({ name }) => [name, pushed]));
  return model.predict({ from, until: 1.5, every: 0.05, controls: driven });
}

type Columns = Readonly<Record<string, readonly number[]>>;

/** The columns of these roles by header; bands take sines from the machine, states from WebAssembly alone. */
function columnsOf({ columns }: Forecast, isIn: (role: ForecastColumn["role"]) => boolean): Columns {
  return Object.fromEntries(
    columns.filter(({ role }) => isIn(role)).map(({ header, values }) => [header, [...values]]),
  );
}

const renews = process.env.LEASTACTION_NEW_GOLDEN === "1";
const bitsFile = path.join(golden, "bits.json");
const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

describe.each(runs)("the run %s", (name) => {
  it("forecasts the same numbers", async () => {
    const { model } = await openRun(name, golden, wasm());
    const whole = await forecastOf(model);
    const forecast = columnsOf(whole, () => true);
    const file = path.join(golden, name, "forecast.json");
    if (renews && !existsSync(file)) writeFileSync(file, JSON.stringify(forecast));
    const stored = read(file) as Columns;
    expect(Object.keys(forecast)).toEqual(Object.keys(stored));
    for (const [header, values] of Object.entries(stored)) {
      expect(values.length).toBe(31);
      const errors = values.map(
        (value, i) => Math.abs((forecast[header]?.[i] ?? Number.NaN) - value) / Math.max(1, Math.abs(value)),
      );
      expect(Math.max(...errors)).toBeLessThan(1e-12);
    }
    const states = columnsOf(whole, (role) => role === "position" || role === "velocity");
    const bits = createHash("sha256").update(JSON.stringify(states)).digest("hex");
    if (renews)
      writeFileSync(bitsFile, `${JSON.stringify({ ...(read(bitsFile) as object), [name]: bits }, null, 2)}\n`);
    expect(read(bitsFile)).toHaveProperty(name, bits);
  });

  it("opens with how its data was read, and can be compared", async () => {
    const { record } = await openRun(name, golden, wasm());
    expect(record?.configuration).toMatchObject({ seed: 0, mean: 1, missing: [], target: "wasm" });
    expect(record?.given).toEqual(record?.data.map(({ file }) => file));
    const { members } = await readTestedRun(name, golden);
    expect(members.length).toBe(name === "members" ? 3 : record?.configuration.models.length);
  });

  it("forecasts its data by the command line", { timeout: 60_000 }, async () => {
    const { record } = await openRun(name, golden, wasm());
    const { winner } = await readTestedRun(name, golden);
    const out = path.join(temporaryFolder({}), "forecast.csv");
    const data = path.join(golden, "data", record?.data[0]?.file ?? "");
    const call = ["predict", name, "--data", data, "--observe", "0.5", "--target", "wasm", "--out", out];
    const io = memoryIo(golden);
    const status = await main(call, io);
    expect([status, io.text("error")]).toEqual([0, expect.stringContaining(`6 forecasts by ${winner}`)]);
    const rows = readFileSync(out, "utf8").trim().split("\n");
    expect(rows.length).toBe(readFileSync(data, "utf8").trim().split("\n").length);
    rmSync(path.dirname(out), { recursive: true });
  });
});
