/**
 * `npm run bench:compile -- [--family NAME|none] [--most N] [--rounds N] [--json FILE]`: how long compiling for Wasm takes.
 *
 * For each family of programs of 1,000 to N (40,000) equations: milliseconds of each phase at each size, and the exponent
 * with which each phase and the whole grow; the time of a fresh process for 20,000 equations; and for each workload the
 * time of a fresh process from before tracing to the end of the first step, on both targets, with an empty cache and
 * again. The exit status is 1 where a bar is missed.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { families } from "./compile-time/families.ts";
import type { Timing } from "./compile-time/measure.ts";
import type { Served } from "./compile-time/serve.ts";
import { growthOf } from "./compile-time/slope.ts";
import { type Environment, type SystemFacts, startContender } from "./contender.ts";
import { benchFolder } from "./folder.ts";
import { describeMachine } from "./report/machine.ts";
import { workloads } from "./workloads/registry.ts";
import { solveWorkloads } from "./workloads/solve-registry.ts";

/** Milliseconds for 20,000 equations in a fresh process, and the exponent of growth. */
const bars = { cold: 2000, growth: 1.15 };
/** The ways to a first result, in this order: what has a cache meets it empty, then as it was left. */
const starts = [
  { title: "wasm", target: "wasm", bar: 500 },
  { title: "wasm, to keep", target: "wasm-kept", bar: Number.POSITIVE_INFINITY },
  { title: "wasm, kept", target: "wasm-kept", bar: 500 },
  { title: "native", target: "native", bar: 2000 },
  { title: "native again", target: "native", bar: 200 },
];
const coldSize = 20_000;

const { values } = parseArgs({
  options: {
    family: { type: "string" },
    most: { type: "string", default: "40000" },
    rounds: { type: "string", default: "3" },
    json: { type: "string" },
  },
});
const sizes = [1000, 2500, 5000, 10_000, 20_000, 40_000].filter((size) => size <= Number(values.most));
const names = Object.keys(families).filter((name) => values.family === undefined || name === values.family);
const dist = path.join(benchFolder, "dist");
const machine = describeMachine();
console.log(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load.toFixed(2)}`);

const measured = names.map((name) => ({ name, ...serve(name) }));
const first = values.family === undefined || values.family === "none" ? await firstResults() : [];
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine, families: measured, firstResults: first }, null, 2)}\n`);
}
const isMissed =
  measured.some(({ growth, cold }) => growth > bars.growth || cold.ms > bars.cold) ||
  first.some(({ isMissed: missed }) => missed);
process.exitCode = isMissed ? 1 : 0;

function serve(name: string): Served & { readonly growth: number } {
  const script = path.join(dist, "compile-time", "serve.js");
  const command = [script, name, String(coldSize), values.rounds, ...sizes.map(String)];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`Cannot measure ${name}: ${stderr}`);
  const served = JSON.parse(stdout) as Served;
  const growth = growthIn(served.points, ({ ms }) => ms);
  report(name, served, growth);
  return { ...served, growth };
}

function report(name: string, { cold, points }: Served, growth: number): void {
  const phases = Object.keys(cold.phases);
  const verdict = cold.ms > bars.cold ? ` MISSED: ${bars.cold}` : "";
  console.log(`\n${name}: ${cold.ms.toFixed(0)} ms for ${cold.equations} equations in a fresh process${verdict}`);
  console.log(rowOf("equations", [...phases, "all"]));
  for (const { equations, phases: times, ms } of points) {
    const cells = phases.map((phase) => times[phase] ?? 0);
    console.log(
      rowOf(
        String(equations),
        [...cells, ms].map((value) => value.toFixed(value < 10 ? 1 : 0)),
      ),
    );
  }
  const exponents = phases.map((phase) => growthIn(points, (point) => point.phases[phase] ?? 0));
  console.log(
    rowOf(
      "growth",
      [...exponents, growth].map((value) => value.toFixed(2)),
    ),
  );
}

function rowOf(title: string, cells: readonly string[]): string {
  return `  ${title.padEnd(10)}${cells.map((cell) => cell.padStart(10)).join("")}`;
}

/** The exponent beyond the smallest sizes, whose times are those of the passes warming up. */
function growthIn(points: readonly Timing[], time: (point: Timing) => number): number {
  return growthOf(points.slice(2).map((point) => [point.equations, time(point)] as const));
}

interface FirstResult {
  readonly workload: string;
  /** By title of a start. */
  readonly ms: Readonly<Record<string, number>>;
  readonly isMissed: boolean;
}

async function firstResults(): Promise<readonly FirstResult[]> {
  console.log("\nfirst result in a fresh process, ms");
  console.log(`  ${"".padEnd(24)}${starts.map(({ title }) => title.padStart(16)).join("")}`);
  const found: FirstResult[] = [];
  for (const { id } of [...workloads, ...solveWorkloads]) {
    const cache = mkdtempSync(path.join(os.tmpdir(), "bench-compile-"));
    try {
      found.push(await firstResultOf(id, { XDG_CACHE_HOME: cache }));
    } finally {
      rmSync(cache, { recursive: true });
    }
  }
  return found;
}

async function firstResultOf(workload: string, environment: Environment): Promise<FirstResult> {
  const ms: Record<string, number> = {};
  for (const { title, target } of starts) {
    const command = [process.execPath, path.join(dist, "serve.js"), workload, target] as const;
    const contender = await startContender<SystemFacts>(command, environment);
    contender.stop();
    ms[title] = contender.facts.firstCallMs;
  }
  const cells = starts.map(({ title, bar }) => {
    const value = ms[title] as number;
    return `${value.toFixed(0)}${value > bar ? " MISSED" : ""}`.padStart(16);
  });
  console.log(`  ${workload.padEnd(24)}${cells.join("")}`);
  return { workload, ms, isMissed: starts.some(({ title, bar }) => (ms[title] as number) > bar) };
}
