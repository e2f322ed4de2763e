/** `dataset.json`, a kept reading, as `inspect dataset.json` reads it in a folder with its file of measurements. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type FuzzedReader, isHouseMessage, tenfold } from "../fuzz-reader.ts";
import { jsonMutations } from "../mutate-json.ts";

const swing = Array.from(
  { length: 60 },
  (_, row) => `${row % 30},${Math.round(1e4 * Math.cos(row / 5)) / 100},${row % 2},${row < 30 ? 1 : 2}`,
);
const table = ["t [ms],enc,mot,run [1]", ...swing, ""].join("\n");

/** Calls that write the good files. */
const calls = [
  "--column enc=angle:deg --column mot=control:V --column 4=trajectory --missing -999 --stop 0.02",
  "--column enc=angle:deg --column mot=ignore --column 4=trajectory --mean 3",
];

/** The reader; its folder is removed when the process ends. */
export async function datasetFileReader(): Promise<FuzzedReader> {
  const { main } = await import("leastaction/main");
  const cwd = mkdtempSync(path.join(tmpdir(), "leastaction-fuzz-"));
  process.once("exit", () => rmSync(cwd, { recursive: true, force: true }));
  writeFileSync(path.join(cwd, "swing.csv"), table);
  const inspect = async (words: string): Promise<void> => {
    let said = "";
    const error = {
      write: (text: string) => {
        said += text;
      },
    };
    const io = { out: { write: () => {} }, error, isTerminal: false, width: 100, cwd, onInterrupt: () => () => {} };
    const status = await main(["inspect", ...words.split(" ")], io);
    if (status !== 0) throw Object.assign(new Error(said.trimEnd()), { name: `status ${status}` });
  };
  const seeds: Uint8Array[] = [];
  for (const flags of calls) {
    await inspect(`swing.csv ${flags} --write kept.json`);
    seeds.push(new Uint8Array(readFileSync(path.join(cwd, "kept.json"))));
  }
  return {
    name: "dataset",
    seeds,
    mutations: jsonMutations,
    read: async (bytes) => {
      writeFileSync(path.join(cwd, "dataset.json"), bytes);
      await inspect("dataset.json");
    },
    allowed: (error) => isHouseMessage(error, ["status 2", "status 3"]),
    // The table is read again for every damaged file.
    allowance: (length) => tenfold(length + table.length),
  };
}
