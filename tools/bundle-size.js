// Measures what `@leastaction/tensor` weighs in a page: `node tools/bundle-size.js` writes bench/results/bundle-size.json.
// Bundled and minified by Vite, in kilobytes (1000 bytes) of gzip and of Brotli: the whole package; the page that trains a
// Hamiltonian network; and that page if it called one operation of each dialect more, which is what the dialect costs.
import { writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";

const result = "bench/results/bundle-size.json";
const page = "tools/training-page.js";
const whole = "packages/tensor/src/index.ts";

/** An operation of each dialect. */
const operations = {
  calls: "checkpoint",
  loops: "scan",
  sequences: "sort",
  cumulative: "cumulativeSum",
  logarithms: "log",
  powers: "pow",
  remainders: "rem",
  trigonometry: "sin",
  "special functions": "erf",
  random: "uniform",
  fourier: "fft",
  "linear algebra": "cholesky",
  spectral: "svd",
};

/**
 * The code of a page, as a bundler makes it.
 *
 * @param {string} entry
 * @param {string} [operation] one more that it calls
 */
export async function bundled(entry, operation) {
  const made = await build({
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["source", "import", "default"] },
    plugins: [
      {
        name: "operation",
        enforce: "pre",
        transform: (code, id) =>
          operation !== undefined && id === path.resolve(entry)
            ? `${code}\nimport { ${operation} } from "@leastaction/tensor";\npostMessage(${operation});`
            : null,
      },
    ],
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

/**
 * Bytes of the training page, gzip.
 *
 * @param {string} [operation] one more that it calls
 */
export async function trainingPageBytes(operation) {
  return gzipSync(await bundled(page, operation), { level: 9 }).length;
}

/** @param {number} bytes */
const kilobytes = (bytes) => Math.round(bytes / 100) / 10;

/** Measures all, and writes it down. */
async function main() {
  /** @type {Record<string, object>} */
  const sizes = {};
  for (const [name, entry] of Object.entries({ whole, "training page": page })) {
    const code = await bundled(entry);
    sizes[name] = {
      minified: kilobytes(code.length),
      gzip: kilobytes(gzipSync(code, { level: 9 }).length),
      brotli: kilobytes(brotliCompressSync(code).length),
    };
  }
  const alone = await trainingPageBytes();
  /** @type {Record<string, number>} */
  const gzipOfDialects = {};
  for (const [dialect, operation] of Object.entries(operations)) {
    gzipOfDialects[dialect] = kilobytes((await trainingPageBytes(operation)) - alone);
  }
  const facts = {
    command: "node tools/bundle-size.js",
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  };
  writeFileSync(result, `${JSON.stringify({ ...facts, sizes, gzipOfDialects }, null, 2)}\n`);
  console.log(JSON.stringify({ sizes, gzipOfDialects }, null, 2));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
