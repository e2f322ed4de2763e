#!/usr/bin/env node
// The command line: hands arguments and streams to `main` and takes its answer as the exit status.
import { existsSync } from "node:fs";
import { setFlagsFromString } from "node:v8";

// Compiling a program runs much code a few thousand times. Left to itself, V8 spends more than twice the time of the work
// on optimising that code, on processors that the work needs too; with fifteen times its usual patience, and plain machine
// code from the first call on, a third of it.
setFlagsFromString("--always-sparkplug");
setFlagsFromString("--interrupt-budget=1000000");

const entry = new URL("../dist/main.js", import.meta.url);
if (existsSync(entry)) {
  const { main, processIo } = await import(entry.href);
  process.exitCode = await main(process.argv.slice(2), processIo());
} else {
  process.stderr.write(
    `Cannot start leastaction: expected ${entry.pathname}, got no such file\nBuild it first, in the repository: npm ci && npm run build.\n`,
  );
  process.exitCode = 2;
}
