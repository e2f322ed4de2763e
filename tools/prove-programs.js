// `npm run test:long`: random programs against all laws, many more than the tests have time for.
//
// `--count 20000`, `--from 0` (the first seed), `--threads 1`, `--native 100` (every so many programs are compiled by
// the C compiler too; 0: none), `--json FILE` keeps the result. The seeds up to 1,499 are those of `npm test`. A failure
// prints the smallest program that fails, as a test to paste into `random-programs.test.ts`; the exit status is then 1.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { build } from "vite";

/** @typedef {import("../packages/tensor/src/testing/random/index.ts").Proof} Proof */
/** @typedef {{ proof: Proof, test: string }} Message */

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const folder = path.join(root, "node_modules/.cache/prove-programs");
const piece = 100;

if (isMainThread) await main();
else await work();

/** Seeds from the main thread, piece by piece, until there are no more. */
async function work() {
  const { native } = workerData;
  const { prove, failingTest, wasm } = await import(pathToFileURL(path.join(folder, "programs.js")).href);
  const compiled = native > 0 ? (await import(pathToFileURL(path.join(folder, "native.js")).href)).native() : undefined;
  parentPort?.on("message", (/** @type {number[]} */ seeds) => {
    for (const seed of seeds) {
      const targets = native > 0 && seed % native === 1 ? [wasm(), compiled] : [wasm()];
      const proof = prove(seed, targets);
      parentPort?.postMessage({ proof, test: proof.failure === null ? "" : failingTest(proof, targets) });
    }
    parentPort?.postMessage("next");
  });
  parentPort?.postMessage("next");
}

async function main() {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "20000" },
      from: { type: "string", default: "0" },
      threads: { type: "string", default: "1" },
      native: { type: "string", default: "100" },
      json: { type: "string" },
    },
  });
  await bundle();
  const [from, count, native] = [Number(values.from), Number(values.count), Number(values.native)];
  const { summaryOf } = await import(pathToFileURL(path.join(folder, "programs.js")).href);
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  /** The result so far. @param {readonly Proof[]} done */
  const report = (done) => {
    const facts = {
      command: `npm run test:long -- --from ${from} --count ${count} --native ${native}`,
      version,
      node: process.version,
      date: new Date().toISOString().slice(0, 10),
      compiledToC: native > 0 ? done.filter(({ seed }) => seed % native === 1).length : 0,
      ...summaryOf(done),
    };
    const text = JSON.stringify(facts, null, 2);
    if (values.json !== undefined) writeFileSync(values.json, `${text}\n`);
    return text;
  };
  let next = from;
  /** @type {Proof[]} */
  const proofs = [];
  /** @type {string[]} */
  const failures = [];
  const thread = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { native } });
      worker.on("error", reject);
      worker.on("message", (/** @type {Message | "next"} */ message) => {
        if (message === "next") {
          const seeds = Array.from({ length: Math.min(piece, from + count - next) }, (_, i) => next + i);
          next += seeds.length;
          if (seeds.length > 0) worker.postMessage(seeds);
          else void worker.terminate().then(resolve);
          return;
        }
        proofs.push(message.proof);
        if (message.test !== "") {
          failures.push(message.test);
          console.log(message.test);
        }
        if (proofs.length % 500 === 0) {
          console.error(`${proofs.length} of ${count}, ${failures.length} fail`);
          report(proofs);
        }
      });
    });
  await Promise.all(Array.from({ length: Number(values.threads) }, thread));
  console.log(report(proofs));
  process.exitCode = failures.length > 0 ? 1 : 0;
}

/** The sources as modules that Node can load. */
async function bundle() {
  await build({
    root,
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true, external: ["koffi"], resolve: { conditions: ["source", "node", "import", "default"] } },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: {
          programs: path.join(root, "packages/tensor/src/testing/random/index.ts"),
          native: path.join(root, "packages/native/src/index.ts"),
        },
      },
    },
  });
}
