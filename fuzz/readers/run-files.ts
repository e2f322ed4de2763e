/** `run.json`, as `compare` and `predict` read it in the folder of a run. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { damageTree, type Json } from "../damage-tree.ts";
import { type FuzzedReader, isHouseMessage } from "../fuzz-reader.ts";
import { mutations } from "../mutate.ts";
import { Random } from "../random.ts";

const golden = "apps/cli/src/testing/golden";

/** The reader; its folder is removed when the process ends. */
export async function runFileReader(): Promise<FuzzedReader> {
  const { main } = await import("leastaction/main");
  const cwd = mkdtempSync(path.join(tmpdir(), "leastaction-fuzz-"));
  process.once("exit", () => rmSync(cwd, { recursive: true, force: true }));
  mkdirSync(path.join(cwd, "run"));
  for (const name of ["model.json", "model.safetensors"])
    copyFileSync(`${golden}/baseline/${name}`, path.join(cwd, "run", name));
  const predict = [
    "predict",
    "run",
    "--target",
    "wasm",
    "--from",
    "nobody=1",
    "--until",
    "1",
    "--every",
    "1",
    "--out",
    "x",
  ];
  return {
    name: "run",
    seeds: ["pendulum", "members", "controls", "before-delays"].map(
      (name) => new Uint8Array(readFileSync(`${golden}/${name}/run.json`)),
    ),
    mutations: (files, seed) => {
      const bytesOf = mutations(files, seed);
      return (index) => {
        const random = new Random(seed, index);
        if (random.below(4) === 0) return bytesOf(index);
        const tree = JSON.parse(new TextDecoder().decode(random.pick(files))) as Json;
        for (let turn = 0; turn <= random.below(random.below(5)); turn++) damageTree(tree, random);
        return new TextEncoder().encode(JSON.stringify(tree));
      };
    },
    read: async (bytes) => {
      writeFileSync(path.join(cwd, "run", "run.json"), bytes);
      const compared = await call(main, cwd, ["compare", "run"]);
      const opened = await call(main, cwd, predict);
      // A name that nobody has ends `predict` once everything is read.
      if (opened === null || !isHouseMessage(opened, ["status 2"])) throw opened ?? new Error("predict took any name");
      if (compared !== null) throw compared;
    },
    allowed: (error) => isHouseMessage(error, ["status 2"]),
    allowance: (length) => 10 * length + 2 ** 21,
  };
}

type Main = typeof import("leastaction/main").main;

/** What a call of the command line ends with: nothing, or its message under the name of its status. */
async function call(main: Main, cwd: string, words: readonly string[]): Promise<Error | null> {
  let said = "";
  const error = {
    write: (text: string) => {
      said += text;
    },
  };
  const io = { out: { write: () => {} }, error, isTerminal: false, width: 100, cwd, onInterrupt: () => () => {} };
  const status = await main(words, io);
  // The line of the target comes before the message.
  const message = said.slice(Math.max(0, said.indexOf("Cannot "))).trimEnd();
  return status === 0 ? null : Object.assign(new Error(message), { name: `status ${status}` });
}
