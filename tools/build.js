// Builds every workspace in the order of its dependencies with the TypeScript compiler alone: plain ES modules and
// declarations, no bundler. Stops at the first workspace that does not compile. Whatever an earlier build left in
// `dist` without a source today is removed, so that it can neither be imported nor packed.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import process from "node:process";

const compiler = "node_modules/typescript-7/bin/tsc";
const emittedLine = /^TSFILE: (.*)$/;

for (const workspace of [
  "packages/tensor",
  "packages/dynamics",
  "packages/native",
  "packages/formats",
  "apps/cli",
  "bench",
  "experiments",
  "fuzz",
]) {
  const { status, stdout } = spawnSync(
    process.execPath,
    [compiler, "-p", `${workspace}/tsconfig.json`, "--listEmittedFiles"],
    { encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "inherit"] },
  );
  const lines = stdout.split(/\r?\n/);
  const emitted = new Set(lines.map((line) => path.resolve(emittedLine.exec(line)?.[1] ?? "")));
  const messages = lines.filter((line) => line !== "" && !emittedLine.test(line));
  if (messages.length > 0) console.log(messages.join("\n"));
  if (status !== 0) process.exit(status ?? 1);
  removeStale(`${workspace}/dist`, emitted);
}

/**
 * @param {string} dist
 * @param {ReadonlySet<string>} emitted
 */
function removeStale(dist, emitted) {
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist, { withFileTypes: true, recursive: true })) {
    const file = path.resolve(entry.parentPath, entry.name);
    if (entry.isFile() && !emitted.has(file)) rmSync(file);
  }
}
