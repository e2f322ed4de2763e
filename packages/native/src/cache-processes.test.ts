/**
 * Processes that build or write the same entry at once, and one that is killed while it builds: what is found is always
 * whole.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterEach, beforeEach, expect, it } from "vitest";

let top = "";
beforeEach(() => {
  top = mkdtempSync(path.join(os.tmpdir(), "native-processes-"));
  place("cache.ts", "cache.mjs");
  place("../../tensor/src/errors.ts", "node_modules/@leastaction/tensor/index.mjs");
  place("../../tensor/src/lower/code-url.ts", "node_modules/@leastaction/tensor/dist/lower/code-url.mjs");
  writeFileSync(
    path.join(top, "node_modules/@leastaction/tensor/package.json"),
    '{ "exports": { ".": "./index.mjs", "./lower": "./dist/lower/code-url.mjs" } }',
  );
  place("file-store.ts", "code/file-store.mjs");
  place("code-stamp.ts", "code/code-stamp.mjs");
  place("cache.ts", "code/cache.mjs");
  writeFileSync(path.join(top, "build.mjs"), script);
  writeFileSync(path.join(top, "store.mjs"), storing);
  mkdirSync(path.join(top, "cache"), { mode: 0o700 });
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

/** A source of this repository as JavaScript for a process of its own. */
function place(source: string, as: string): void {
  const file = path.join(top, as);
  const text = readFileSync(fileURLToPath(new URL(source, import.meta.url)), "utf8");
  mkdirSync(path.dirname(file), { recursive: true });
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(text, { compilerOptions });
  writeFileSync(file, outputText.replace(/(from "\.\/.*)\.ts"/g, '$1.mjs"'));
}

/** Builds in two halves with a pause between, and prints the digest of what it is given. */
const script = `
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { fetchLibrary, libraryName } from "./cache.mjs";
const [folder, pause] = process.argv.slice(2);
const file = fetchLibrary(folder, "key", (into) => {
  const half = "x".repeat(1 << 20);
  appendFileSync(path.join(into, libraryName), half);
  console.log("building");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(pause));
  appendFileSync(path.join(into, libraryName), half);
});
console.log(createHash("sha256").update(readFileSync(file)).digest("hex"));
`;

/** Writes an entry again and again and reads it as often: how often it was neither missing nor whole. */
const storing = `
import { fileStore } from "./code/file-store.mjs";
const store = fileStore({ folder: process.argv[2] });
const bytes = new Uint8Array(100_000).fill(1);
let broken = 0;
for (let turn = 0; turn < 50; turn++) {
  store.write(["key"], bytes);
  const found = store.read(["key"]);
  if (found === undefined || found.length !== bytes.length || found.some((byte) => byte !== 1)) broken++;
}
console.log("broken:", broken);
`;

const whole = createHash("sha256")
  .update("x".repeat(1 << 21))
  .digest("hex");

/** Starts a process that builds; with `killed`, it is ended as soon as it does. Gives its last line. */
function build(pause: number, killed = false): Promise<string> {
  return run(["build.mjs", path.join(top, "cache"), String(pause)], killed);
}

function run(args: readonly string[], killed = false): Promise<string> {
  const child = spawn(process.execPath, args, { cwd: top });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    if (killed) child.kill("SIGKILL");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve) => child.on("close", () => resolve(said.trimEnd().split("\n").at(-1) ?? "")));
}

it("gives all processes that build at once a whole library", async () => {
  const found = await Promise.all([200, 150, 100, 50].map((pause) => build(pause)));
  expect(found).toEqual([whole, whole, whole, whole]);
  expect(readdirSync(path.join(top, "cache"))).toEqual(["key"]);
});

it("takes nothing of a build that was killed", async () => {
  expect(await build(60_000, true)).toBe("building");
  const [left = "", ...others] = readdirSync(path.join(top, "cache"));
  expect(left).toMatch(/^building-/);
  expect(others).toEqual([]);
  expect(await build(0)).toBe(whole);
  expect(readdirSync(path.join(top, "cache")).sort()).toEqual([left, "key"].sort());
});

it("gives all processes that write an entry at once a whole one", async () => {
  const folder = path.join(top, "programs");
  const found = await Promise.all([1, 2, 3, 4].map(() => run(["store.mjs", folder])));
  expect(found).toEqual(new Array(4).fill("broken: 0"));
  expect(readdirSync(folder)).toHaveLength(1);
});
