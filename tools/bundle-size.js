// Measures what `@leastaction/tensor` weighs in a page: `node tools/bundle-size.js`, after a build, writes
// bench/results/bundle-size.json. Bundled and minified by Vite, in kilobytes (1000 bytes) of gzip and of Brotli: the
// whole package, and what a page takes that trains a Hamiltonian network. Beside it what that page would take if some
// modules were empty: how much of it is there for programs that it does not have.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";

const result = "bench/results/bundle-size.json";
const page = "node_modules/.cache/training-page.js";
const training = `
import { wasm } from "@leastaction/tensor";
import { hnn } from "../../bench/dist/workloads/hnn.js";
import { compileStep } from "../../bench/dist/workloads/workload.js";
const { compiled, start } = compileStep(hnn, "float32", wasm());
compiled.load(start);
for (let step = 0; step < 1000; step++) await compiled.run();
postMessage(await compiled.read());
`;
const entries = { whole: "packages/tensor/dist/index.js", "training page": page };

/** Parts that the training page has no use for, each with those before it, down to the loops of solvers. */
const parts = [
  ["definitions of matrix algorithms and transforms", /\/lower\/define\/(?!definition\.)/],
  [
    "functions: error, gamma, power, huge angles, fast forms",
    /\/functions\/(erf|\w*gamma|pow|atan2|reduce-huge|double|fast-)/,
  ],
  ["rules of these, and of time series", /\/(program|rules)\/.*(linear-algebra|spectral|sequence|function|jet)/],
  [
    "loops in registers, tapes, threads, profiles",
    /\/(loop-kernel|join-replay|sort-kernel|segments|members-|team|divide|profile|explain)/,
  ],
];

/**
 * Modules with these names keep their exports, and nothing else.
 *
 * @param {readonly RegExp[]} names
 * @returns {import("vite").Plugin}
 */
function emptied(names) {
  return {
    name: "emptied",
    enforce: "pre",
    load(id) {
      if (!names.some((name) => name.test(id))) return null;
      const text = readFileSync(id, "utf8");
      return [...text.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)]
        .map(([, name]) => `export const ${name} = {};`)
        .join("\n");
    },
  };
}

/**
 * @param {string} entry
 * @param {readonly RegExp[]} [empty]
 */
async function bundled(entry, empty = []) {
  const made = await build({
    configFile: false,
    logLevel: "error",
    plugins: [emptied(empty)],
    build: {
      write: false,
      target: "es2022",
      lib: { entry: path.resolve(entry), formats: ["es"] },
      rolldownOptions: { output: { minify: true, codeSplitting: false } },
    },
  });
  const [first] = Array.isArray(made) ? made : [];
  const [chunk] = first?.output ?? [];
  if (chunk?.type !== "chunk") throw new Error(`Cannot measure ${entry}: expected one chunk, got none`);
  return Buffer.from(chunk.code);
}

/** @param {number} bytes */
const kilobytes = (bytes) => Math.round(bytes / 100) / 10;

mkdirSync(path.dirname(page), { recursive: true });
writeFileSync(page, training);
/** @type {Record<string, object>} */
const sizes = {};
for (const [name, entry] of Object.entries(entries)) {
  const code = await bundled(entry);
  sizes[name] = {
    minified: kilobytes(code.length),
    gzip: kilobytes(gzipSync(code, { level: 9 }).length),
    brotli: kilobytes(brotliCompressSync(code).length),
  };
}
/** @type {Record<string, number>} */
const gzipWithout = {};
for (const [i, [name]] of parts.entries()) {
  const empty = parts.slice(0, i + 1).map(([, names]) => /** @type {RegExp} */ (names));
  gzipWithout[String(name)] = kilobytes(gzipSync(await bundled(page, empty), { level: 9 }).length);
}
const facts = {
  command: "node tools/bundle-size.js",
  node: process.version,
  date: new Date().toISOString().slice(0, 10),
};
writeFileSync(result, `${JSON.stringify({ ...facts, sizes, gzipWithout }, null, 2)}\n`);
console.log(JSON.stringify({ sizes, gzipWithout }, null, 2));
