/**
 * `npm run bench:profiles -- [--workload ID] [--rounds 3] [--json FILE]`: whether the kernels of a training step, timed by
 * themselves, add up to the step.
 *
 * For each workload and target, profiles of it: ms of the whole step and of all kernels, copies and clears, medians over
 * the profiles. The exit status is 1 where they part by more than a fifth, short steps apart: kernels of less than ten
 * microseconds are measured a little too long, since each is called from the host.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { nativeAvailable } from "@leastaction/native";
import type { Profile } from "@leastaction/tensor";
import { describeMachine } from "./report/machine.ts";
import { spreadOf } from "./report/rows.ts";
import { targets } from "./targets.ts";
import { workloads } from "./workloads/registry.ts";
import { compileStep, type Workload } from "./workloads/workload.ts";

/** By how much the sum may part from the whole. */
const share = 0.2;
/** Mean ms of a call from which on a step is held to it. */
const shortest = 0.01;

interface Row {
  readonly workload: string;
  readonly target: string;
  readonly calls: number;
  readonly wholeMs: number;
  readonly kernelsMs: number;
  readonly ratio: number;
  /** null where calls are too short to be held to it. */
  readonly met: boolean | null;
}

const { values } = parseArgs({
  options: { workload: { type: "string" }, rounds: { type: "string", default: "3" }, json: { type: "string" } },
});
const rounds = Number(values.rounds);
const { ok, reason } = nativeAvailable();
if (!ok) console.log(`SKIPPED native: ${reason}`);
const chosen = workloads.filter(({ id }) => values.workload === undefined || id === values.workload);

const rows = chosen.flatMap((workload) => (ok ? ["wasm", "native"] : ["wasm"]).map((name) => measured(workload, name)));
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine: describeMachine(), rounds, rows }, null, 2)}\n`);
}
process.exitCode = rows.every(({ met }) => met !== false) ? 0 : 1;

function measured(workload: Workload, name: string): Row {
  const precision = workload.precision ?? "float32";
  const make = targets[name] as (typeof targets)[string] & (() => never);
  const { compiled, start } = compileStep(workload, precision, make(), workload.problem(precision));
  compiled.load(start);
  compiled.runSync();
  const profiles = Array.from({ length: rounds }, () => compiled.profile());
  const whole = spreadOf(profiles.map(({ ms }) => ms)).median;
  const kernels = spreadOf(profiles.map((profile) => sumOf(profile, "ms"))).median;
  const calls = sumOf(profiles[0] as Profile, "calls");
  const ratio = kernels / whole;
  const met = whole / calls < shortest ? null : Math.abs(ratio - 1) <= share;
  const verdict = met === null ? "short calls" : met ? "met" : "MISSED";
  console.log(
    `${workload.id.padEnd(20)} ${name.padEnd(8)} ${calls} calls, ${kernels.toPrecision(4)} of ${whole.toPrecision(4)} ms: ${ratio.toFixed(3)}, ${verdict}`,
  );
  return { workload: workload.id, target: name, calls, wholeMs: whole, kernelsMs: kernels, ratio, met };
}

function sumOf({ kernels }: Profile, of: "ms" | "calls"): number {
  return kernels.reduce((sum, kernel) => sum + kernel[of], 0);
}
