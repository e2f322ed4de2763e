// `npm run mutate`: every rule of derivatives and batching with a term dropped, negated, or two operands swapped, one at
// a time (`mutation/mutants.js`). The contract tests must catch each.
//
// `--files jvp,batch` (all), `--processes 1`, `--from 1` and `--to N` (a range of mutants), `--json FILE` keeps the
// result. A mutant that is caught by nothing is excused in `mutation/equivalent.json` by the reason why it changes
// nothing, or is a hole in the tests: the exit status is then 1. A run that takes twice as long as all tests without
// a change is caught too: a loop without end.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import ts from "typescript";
import { build } from "vite";
import { mutantsOf } from "./mutation/mutants.js";

/**
 * @typedef {import("./mutation/mutants.js").Mutant} Mutant
 * @typedef {{ file: string, from: string, to: string, row: string, why: string }} Excuse
 * @typedef {Mutant & { by: string | null }} Result
 */

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const source = "packages/tensor/src";
/** Where rules stand: by kind, and in dialects. */
const folders = ["rules", "dialect"];
const folder = path.join(root, "node_modules/.cache/mutation");
/** Seconds that a run may take. */
let patience = 600;

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "" },
    processes: { type: "string", default: "1" },
    from: { type: "string", default: "1" },
    to: { type: "string", default: "Infinity" },
    json: { type: "string" },
    list: { type: "boolean", default: false },
  },
});

const mutants = await bundle();
const wanted = mutants.filter(({ id }) => id >= Number(values.from) && id <= Number(values.to));
if (values.list) {
  for (const { id, file, line, row, from, to } of wanted) console.log(`${id} ${file}:${line} ${row}: ${from} -> ${to}`);
  process.exit(0);
}
const start = performance.now();
const whole = await run(0);
patience = 30 + (2 * (performance.now() - start)) / 1000;
if (whole !== null) {
  console.error(`Cannot mutate: expected tests that pass without a change, got ${whole}`);
  process.exit(2);
}
await report(await runAll());

/** The rules with all their mutants in them, and the tests around them. */
async function bundle() {
  const names = folders.flatMap((folder) => {
    const inside = readdirSync(path.join(root, source, folder));
    return inside.filter((name) => name.endsWith(".ts") && !name.includes(".test.")).map((name) => `${folder}/${name}`);
  });
  const wantedNames = values.files.split(",");
  const chosen = values.files === "" ? names : names.filter((name) => wantedNames.includes(path.basename(name, ".ts")));
  const files = chosen.map((name) => `${source}/${name}`);
  const program = ts.createProgram(
    files.map((file) => path.join(root, file)),
    {
      allowImportingTsExtensions: true,
      noEmit: true,
      strict: true,
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    },
  );
  /** @type {Map<string, string>} */
  const texts = new Map();
  /** @type {Mutant[]} */
  const all = [];
  for (const file of files) {
    const { text, mutants: own } = mutantsOf(program, root, file, all.length + 1);
    texts.set(path.join(root, file), text);
    all.push(...own);
  }
  await build({
    root,
    configFile: false,
    logLevel: "error",
    plugins: [
      { name: "mutants", enforce: "pre", load: (id) => texts.get(id) ?? null },
      // Tests read files beside them: a module of the bundle is still where it was.
      {
        name: "places",
        transform: (code, id) => code.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id))),
      },
    ],
    resolve: { alias: { vitest: path.join(root, "tools/mutation/small-vitest.js") } },
    ssr: { noExternal: true, resolve: { conditions: ["source", "node", "import", "default"] } },
    build: {
      ssr: path.join(root, "tools/mutation/entry.ts"),
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: { treeshake: false },
    },
  });
  return all;
}

/** By what a mutant is caught, null where by nothing. @param {number} id */
function run(id) {
  const harness = path.join(root, "tools/mutation/harness.js");
  const child = spawn(
    process.execPath,
    [harness, path.join(folder, "entry.js"), String(id), path.join(folder, "reached.json")],
    {
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  let text = "";
  child.stdout.on("data", (part) => {
    text += part;
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), 1000 * patience);
  return new Promise((/** @type {(by: string | null) => void} */ resolve) => {
    child.on("close", (_, signal) => {
      clearTimeout(timer);
      const said = text.trim();
      resolve(
        said === "survived" || said === "never reached"
          ? null
          : signal === null
            ? said
            : `no end after ${Math.round(patience)} s`,
      );
    });
  });
}

async function runAll() {
  /** @type {Result[]} */
  const results = [];
  const queue = [...wanted];
  const turn = async () => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const by = await run(mutant.id);
      results.push({ ...mutant, by });
      if (by === null)
        console.log(
          `survives: ${mutant.id} ${mutant.file}:${mutant.line} ${mutant.row}: ${mutant.from} -> ${mutant.to}`,
        );
      if (results.length % 50 === 0) console.error(`${results.length} of ${wanted.length}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.processes) }, turn));
  return results.sort((a, b) => a.id - b.id);
}

/** @param {readonly Result[]} results */
async function report(results) {
  /** @type {readonly Excuse[]} */
  const excuses = JSON.parse(readFileSync(path.join(root, "tools/mutation/equivalent.json"), "utf8"));
  const survivors = results.filter(({ by }) => by === null);
  const whyOf = (/** @type {Mutant} */ mutant) =>
    excuses.find(
      ({ file, from, to, row }) =>
        `${source}/${file}` === mutant.file && from === mutant.from && to === mutant.to && row === mutant.row,
    )?.why ?? null;
  const listed = survivors.map(({ file, line, row, from, to, ...rest }) => ({
    file,
    line,
    row,
    from,
    to,
    why: whyOf({ file, line, row, from, to, ...rest }),
  }));
  const open = listed.filter(({ why }) => why === null);
  /** @type {Record<string, { mutants: number, caught: number }>} */
  const perFile = {};
  for (const { file, by } of results) {
    const counts = perFile[path.basename(file)] ?? { mutants: 0, caught: 0 };
    perFile[path.basename(file)] = counts;
    counts.mutants += 1;
    if (by !== null) counts.caught += 1;
  }
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const caught = results.length - survivors.length;
  const text = JSON.stringify(
    {
      command: "npm run mutate",
      version,
      node: process.version,
      date: new Date().toISOString().slice(0, 10),
      mutants: results.length,
      caught,
      share: caught / results.length,
      equivalent: listed.length - open.length,
      unexplained: open.length,
      perFile,
      survivors: listed,
    },
    null,
    2,
  );
  console.log(text);
  if (values.json !== undefined) writeFileSync(values.json, `${text}\n`);
  process.exitCode = open.length > 0 ? 1 : 0;
}
