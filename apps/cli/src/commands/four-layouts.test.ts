/**
 * The measured pendulum in four layouts: one data set, one fit and one forecast, bit for bit.
 *
 * The NPZ and MATLAB files were written by NumPy and SciPy (`write_fixtures.py`), the white-space table is made here.
 */
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../main.ts";
import { memoryIo, temporaryFolder } from "../testing/memory-io.ts";

const root = path.join(import.meta.dirname, "../../../..");
const fixtures = path.join(root, "packages/formats/src/testing/fixtures");
const layouts = ["single.csv", "single.txt", "single.npz", "single.mat"] as const;

interface Inspection {
  readonly rows: number;
  readonly measurements: string;
  readonly files: readonly { readonly format: string; readonly delimiter: string | null }[];
  readonly columns: readonly { readonly name: string; readonly role: string }[];
}

let folder = "";
const bytes = (name: string): Buffer => readFileSync(path.join(folder, name));

/** Standard output of a call; the test fails where its status is not 0. */
async function said(call: string): Promise<string> {
  const io = memoryIo(folder);
  expect(await main(call.split(" "), io), `${call}\n${io.text("error")}`).toBe(0);
  return io.text("out");
}

beforeAll(() => {
  const csv = readFileSync(path.join(root, "examples/multiarm-pendulum/single.csv"), "utf8");
  const spaced = `% arm of the multiarm pendulum\n% ${csv.replaceAll(",", "  ")}`;
  folder = temporaryFolder({ "single.csv": csv, "single.txt": spaced });
  for (const name of ["single.npz", "single.mat"]) copyFileSync(path.join(fixtures, name), path.join(folder, name));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the measured pendulum", () => {
  test("is one data set in four layouts", async () => {
    const inspections: Inspection[] = [];
    for (const name of layouts) inspections.push(JSON.parse(await said(`inspect ${name} --json`)) as Inspection);
    expect(inspections.map(({ files }) => files[0]?.delimiter ?? files[0]?.format)).toEqual([
      "comma",
      "white space",
      "NPZ",
      "MATLAB",
    ]);
    expect(inspections.map(({ rows }) => rows)).toEqual([11_001, 11_001, 11_001, 11_001]);
    const hashes = inspections.map(({ measurements }) => measurements);
    expect(new Set(hashes).size, hashes.join("\n")).toBe(1);
  }, 120_000);

  test("is one fit and one forecast in four layouts", async () => {
    for (const name of layouts) {
      // The mean of every twenty rows and the model that is trained soonest: the whole way of a fit, in a second.
      await said(`fit ${name} --mean 20 --model linear-state-space --steps 2 --json --out ${name}-run`);
      await said(`predict ${name}-run --data ${name} --split vad --observe 0.5 --out ${name}-forecast.csv`);
    }
    const [first, ...others] = layouts;
    for (const file of ["run/model.safetensors", "run/model.json", "forecast.csv"]) {
      const wanted = bytes(`${first}-${file}`);
      expect(wanted.length, file).toBeGreaterThan(100);
      for (const name of others) expect(bytes(`${name}-${file}`).equals(wanted), `${file} of ${name}`).toBe(true);
    }
  }, 120_000);
});
