/** `--hold` and `--delay` of fit: said, kept in the run, applied by predict to measured and to stated controls. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ModelRecord } from "@leastaction/dynamics";
import { afterAll, beforeAll, expect, test } from "vitest";
import { main } from "../main.ts";
import type { RunRecord } from "../run-folder/run-record.ts";
import { memoryIo, temporaryFolder } from "../testing/memory-io.ts";

/** A spring that is pushed by steps of 1 V, which act two samples late: x'' = -9 x - x' + 9 u(t - 0.1). */
function rig(): string {
  const rows = ["t,x [mm],mot [V]"];
  let [x, v] = [0, 0];
  const volt = (i: number): number => (i < 0 ? 0 : Math.floor(i / 13) % 2);
  for (let i = 0; i < 160; i++) {
    rows.push(`${i / 20},${x},${volt(i)}`);
    for (let k = 0; k < 500; k++) {
      const half = v + 5e-5 * (-9 * x - v + 9 * volt(i - 2));
      x += 1e-4 * half;
      v = half + 5e-5 * (-9 * x - half + 9 * volt(i - 2));
    }
  }
  return rows.join("\n");
}

let folder = "";
const run = async (words: string): Promise<{ readonly status: number; readonly error: string }> => {
  const io = memoryIo(folder);
  return { status: await main(words.split(" "), io), error: io.text("error") };
};
const columns = (file: string): readonly (readonly number[])[] =>
  readFileSync(path.join(folder, file), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number));

beforeAll(() => {
  folder = temporaryFolder({ "rig.csv": rig(), "volts.csv": "t,mot\n-0.5,0\n0,1\n" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a delay is said, written down and applied to measured and stated controls", async () => {
  const fitted = await run("fit rig.csv --model linear-state-space --column mot=control --delay mot=100ms --out run");
  expect(fitted.status, fitted.error).toBe(0);
  const said = "control mot: each value held to the next, a delay of 0.1 s, the last value held past the end\n";
  expect(fitted.error).toContain(said);
  const record = JSON.parse(readFileSync(path.join(folder, "run/run.json"), "utf8")) as RunRecord;
  expect(record.configuration).toMatchObject({ hold: {}, delay: { mot: "100ms" } });
  expect(record.command).toContain("--delay mot=100ms");
  const { controls } = JSON.parse(readFileSync(path.join(folder, "run/model.json"), "utf8")) as ModelRecord;
  expect(controls.map(({ hold, delay }) => [hold, delay])).toEqual([["zero", 0.1]]);

  const measured = await run("predict run --data rig.csv --observe 0.5 --out measured.csv");
  expect(measured.error).toContain(said);
  const truth = columns("rig.csv");
  for (const [row, values] of columns("measured.csv").entries()) {
    expect(Math.abs((values[1] as number) - (truth[row]?.[1] as number))).toBeLessThan(0.01);
  }

  // From rest, a step of 1 V at t = 0: nothing moves until it acts at 0.1 s.
  const stated = await run("predict run --from x=0 --until 1 --every 0.05 --controls volts.csv --out stated.csv");
  expect(stated.error).toContain(said);
  const answer = columns("stated.csv").map((row) => row[1] as number);
  expect(Math.abs(answer[2] as number)).toBeLessThan(1e-3);
  expect(answer[4]).toBeGreaterThan(0.03);
});

test("a control that is not there is refused", async () => {
  const { status, error } = await run("fit rig.csv --model hold --column mot=control --delay pump=fit");
  expect(status).toBe(3);
  expect(error).toContain("expected a control of that name (mot), got pump");
});

test("what inspect is told of a control is kept, used by a fit of it, and overruled by its flags", async () => {
  const kept = await run("inspect rig.csv --column mot=control --hold mot=linear --delay mot=100ms --write kept.json");
  expect(kept.status, kept.error).toBe(0);
  const said = "control mot: straight lines between values, a delay of 0.1 s, the last value held past the end\n";
  expect(kept.error).toContain(said);
  const text = readFileSync(path.join(folder, "kept.json"), "utf8");
  expect(JSON.parse(text)).toMatchObject({ hold: { mot: "linear" }, delay: { mot: "100ms" } });
  const fitted = await run("fit kept.json --model hold --out from-kept");
  expect(fitted.error).toContain(said);
  const record = JSON.parse(readFileSync(path.join(folder, "from-kept/run.json"), "utf8")) as RunRecord;
  expect(record.configuration).toMatchObject({ hold: { mot: "linear" }, delay: { mot: "100ms" } });
  const overruled = await run("fit kept.json --delay mot=50ms --model hold --out overruled");
  expect(overruled.error).toContain("straight lines between values, a delay of 0.05 s");
});

test("inspect refuses what a control cannot do", async () => {
  const call = "inspect rig.csv --column mot=control --write refused.json";
  const unknown = await run(`${call} --delay fan=20ms`);
  expect(unknown.status).toBe(3);
  expect(unknown.error).toContain("expected a control of that name (mot), got fan");
  expect((await run(`${call} --hold mot=cubic`)).error).toContain('expected zero or linear, got "cubic"');
  const text = readFileSync(path.join(folder, "kept.json"), "utf8");
  writeFileSync(path.join(folder, "odd.json"), text.replace('"100ms"', "100"));
  const odd = await run("fit odd.json --model hold --out odd");
  expect(odd.status).toBe(3);
  expect(odd.error).toContain("expected delay: a time for each control that it names");
});
