#!/usr/bin/env node
// The command line: hands arguments and streams to `main` and takes its answer as the exit status. What keeps it from
// starting is told in two lines, like every other error.
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

/** The exit status after a hang-up, 128 and the number of the signal. */
const hungUp = 129;

const entry = new URL("../dist/main.js", import.meta.url);
const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const [leastMajor, leastMinor] = engines.node.replace(">=", "").split(".").map(Number);
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
  refuse(
    `Node ${leastMajor}.${leastMinor} or later, got ${process.versions.node}`,
    "Install a newer one from https://nodejs.org, or with the version manager that this one is from.",
  );
} else if (existsSync(entry)) {
  await start();
} else {
  refuse(`${fileURLToPath(entry)}, got no such file`, "Build it first, in the repository: npm ci && npm run build.");
}

async function start() {
  setUpCompiling();
  const loaded = await import(entry.href).catch((error) => {
    refuse(
      `its modules to load, got ${String(error.message).split("\n")[0]}`,
      "Install it again, in a clone by npm ci.",
    );
  });
  if (loaded === undefined) return;
  const argv = process.argv.slice(2);
  const io = loaded.processIo();
  loaded.guardProcess(argv, io);
  process.exitCode = await loaded.main(argv, io);
  // Node aborts where it ends after its terminal was closed; to end by the signal is the same status without that.
  if (process.exitCode === hungUp) process.kill(process.pid, "SIGHUP");
}

/**
 * Compiling a program runs much code a few thousand times. Left to itself, V8 spends more than twice the time of the work
 * on optimising that code, on processors that the work needs too; with fifteen times its usual patience, and plain machine
 * code from the first call on, a third of it. From Node 22 on V8 counts calls instead, has no such flag, and its usual counts
 * cost no more.
 */
function setUpCompiling() {
  setFlagsFromString("--always-sparkplug");
  if (major < 22) setFlagsFromString("--interrupt-budget=1000000");
}

/**
 * @param {string} expectedAndFound
 * @param {string} remedy
 */
function refuse(expectedAndFound, remedy) {
  process.stderr.write(`Cannot start leastaction: expected ${expectedAndFound}\n${remedy}\n`);
  process.exitCode = 2;
}
