/**
 * `npm run fuzz -- --reader npy --count 100000 --seed 1`: damaged files for one reader, watched from outside.
 * `--from N` begins at an index (with `--count 1`, one failure again); `--json FILE` keeps the result. Every failure is
 * printed with its seed and index, and its file is written to `runs/fuzz/`. The exit status is 1 where there is one.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { type FuzzFailure, type FuzzResult, longestRead } from "./fuzz-reader.ts";
import { mutations } from "./mutate.ts";
import { readers } from "./registry.ts";
import type { WorkerTask } from "./worker.ts";

const { values } = parseArgs({
  options: {
    reader: { type: "string", default: "" },
    count: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    json: { type: "string" },
  },
});
const load = readers[values.reader];
if (load === undefined) {
  console.error(
    `Cannot fuzz: expected --reader ${Object.keys(readers).join(", ")}, got "${values.reader}"\nTry: npm run fuzz -- --reader npy`,
  );
  process.exit(2);
}
const [seed, from] = [Number(values.seed), Number(values.from)];
const results: FuzzResult[] = [];
const lost: FuzzFailure[] = [];
let done = from;
const end = from + Number(values.count);
while (done < end) {
  const before = done;
  // A fresh thread now and then: what a library keeps of damaged files is let go.
  const failure = await runThread(done, Math.min(end, done + 5000));
  if (failure !== null) lost.push(failure);
  else if (done === before) lost.push({ index: done, what: "a fresh thread reads nothing" });
}
const total = sumOf(results);
await report(total);
if (total.failures.length > 0) process.exitCode = 1;

/** One thread until its end, or until it is lost at a file; null where it came to its end. */
function runThread(start: number, to: number): Promise<FuzzFailure | null> {
  const progress = new Int32Array(new SharedArrayBuffer(4)).fill(start);
  const except = lost.map(({ index }) => index);
  const workerData: WorkerTask = { reader: values.reader, seed, from: start, to, except, progress };
  const thread = new Worker(new URL("./worker.js", import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  return new Promise((resolve) => {
    const lose = (what: string): void => {
      clearInterval(watch);
      void thread.terminate();
      resolve({ index: Atomics.load(progress, 0), what });
    };
    let seen = { index: -1, used: 0 };
    const watch = setInterval(() => {
      const { user, system } = process.cpuUsage();
      const [index, used] = [Atomics.load(progress, 0), (user + system) / 1e6];
      if (index !== seen.index) seen = { index, used };
      else if (used - seen.used > 2 * longestRead) lose(`no end after ${(used - seen.used).toFixed(1)} s`);
    }, 200);
    thread.on("message", (result: FuzzResult) => {
      const { reached } = result;
      results.push(result);
      if (Math.floor(reached / 10_000) > Math.floor(done / 10_000)) console.error(`${values.reader}: ${reached}`);
      done = reached;
    });
    thread.on("error", (error) => lose(`the thread ended: ${error.stack ?? error.message}`));
    thread.on("exit", () => {
      clearInterval(watch);
      resolve(null);
    });
  });
}

function sumOf(parts: readonly FuzzResult[]): FuzzResult {
  const relative = ({ largest }: FuzzResult): number => largest.bytes / largest.file;
  return {
    reached: done,
    accepted: parts.reduce((sum, { accepted }) => sum + accepted, 0),
    rejected: parts.reduce((sum, { rejected }) => sum + rejected, 0),
    slowest: parts
      .map(({ slowest }) => slowest)
      .reduce((a, b) => (b.seconds > a.seconds ? b : a), {
        index: from,
        seconds: 0,
      }),
    largest: parts.reduce((a, b) => (relative(b) > relative(a) ? b : a), parts[0] as FuzzResult).largest,
    failures: [...parts.flatMap(({ failures }) => failures), ...lost].sort((a, b) => a.index - b.index),
  };
}

async function report({ failures, accepted, rejected, slowest, largest }: FuzzResult): Promise<void> {
  const damaged = await damagedFiles();
  for (const { index, what } of failures.slice(0, 50)) {
    mkdirSync("runs/fuzz", { recursive: true });
    const file = `runs/fuzz/${values.reader}-${seed}-${index}`;
    writeFileSync(file, damaged(index));
    console.error(`${file}: --seed ${seed} --from ${index} --count 1: ${what}`);
  }
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
  const text = JSON.stringify(
    {
      command: `npm run fuzz -- --reader ${values.reader} --count ${values.count} --seed ${seed}`,
      version,
      node: process.version,
      date: new Date().toISOString().slice(0, 10),
      accepted,
      rejected,
      slowest,
      largest,
      failures: failures.length,
    },
    null,
    2,
  );
  console.log(text);
  if (values.json !== undefined) writeFileSync(values.json, `${text}\n`);
}

async function damagedFiles(): Promise<(index: number) => Uint8Array> {
  const reader = await (load as NonNullable<typeof load>)();
  return (reader.mutations ?? mutations)(reader.seeds, seed);
}
