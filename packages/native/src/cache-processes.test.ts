/**
 * Processes that build the same entry at once, and one that is killed while it builds: what is found is always whole.
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
  writeFileSync(path.join(top, "node_modules/@leastaction/tensor/package.json"), '{ "main": "index.mjs" }');
  writeFileSync(path.join(top, "build.mjs"), script);
  mkdirSync(path.join(top, "cache"), { mode: 0o700 });
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

/** A source of this repository as JavaScript for a process of its own. */
function place(source: string, as: string): void {
  const file = path.join(top, as);
  const text = readFileSync(fileURLToPath(new URL(source, import.meta.url)), "utf8");
  mkdirSync(path.dirname(file), { recursive: true });
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  writeFileSync(file, ts.transpileModule(text, { compilerOptions }).outputText);
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

const whole = createHash("sha256")
  .update("x".repeat(1 << 21))
  .digest("hex");

/** Starts a process; with `killed`, it is ended as soon as it builds. Gives its last line. */
function build(pause: number, killed = false): Promise<string> {
  const child = spawn(process.execPath, ["build.mjs", path.join(top, "cache"), String(pause)], { cwd: top });
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
