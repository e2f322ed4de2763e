/**
 * `npm run bench:threads -- [--workload ID] [--target native|wasm] [--threads 2,4] [--rounds N] [--json FILE]`: the time of a
 * training step on several threads, as a ratio to one.
 *
 * Settings run in turn within each round: undivided, divided on one thread, divided on several. The state after the same
 * number of steps must be the same, bit for bit, on 1, 2, 3 and 8 threads. The exit status is 1 where it is not, where a
 * large workload gains less than the bar on as many threads as the machine has processors, two or more, or where a small
 * one loses more than a tenth. Beside the gain of a large workload stands what the machine allows at most: two processes at
 * once, each with an undivided step of its own.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { native, nativeAvailable } from "@leastaction/native";
import { type HostTensor, type Target, wasm } from "@leastaction/tensor";
import { describeMachine } from "./report/machine.ts";
import { largeWorkloads } from "./threads/large-workloads.ts";
import { mostGain } from "./threads/most-gain.ts";
import { median, timeOf, warm } from "./threads/time-step.ts";
import { hnn } from "./workloads/hnn.ts";
import { sympflow } from "./workloads/sympflow.ts";
import { vinSv } from "./workloads/vin-sv.ts";
import { type CompiledStep, compileStep, type TrainingState, type Workload } from "./workloads/workload.ts";

/** Large workloads are to gain so much on two threads, small ones to lose no more than that. */
const [gain, loss] = [1.7, 0.9];
const small = [hnn, vinSv, sympflow];
const allThreads = [1, 2, 3, 8];
/** Rounds of two processes at once: each takes seconds. */
const mostRounds = 5;

const { values } = parseArgs({
  options: {
    workload: { type: "string" },
    target: { type: "string" },
    threads: { type: "string", default: "2" },
    rounds: { type: "string", default: "15" },
    json: { type: "string" },
  },
});
const asked = values.threads.split(",").map(Number);
const rounds = Number(values.rounds);
const { ok, reason } = nativeAvailable();
if (!ok) console.log(`SKIPPED native: ${reason}`);
const makers: Readonly<Record<string, (threads: number | undefined) => Target>> = {
  ...(ok ? { native: (threads) => native({ threads }) } : {}),
  wasm: (threads) => wasm({ threads }),
};

interface Row {
  readonly workload: string;
  readonly target: string;
  /** Undefined: undivided. */
  readonly threads: number | undefined;
  /** ms a step: the median over rounds, and the least. */
  readonly ms: number;
  readonly least: number;
  /** Times as fast as divided on one thread, by medians. */
  readonly gain: number;
  readonly bytes: number;
}

const results: { rows: readonly Row[]; sameBits: boolean; isMet: boolean; mostGain?: number }[] = [];
for (const workload of [...largeWorkloads, ...small].filter(({ id }) => (values.workload ?? id) === id)) {
  for (const [target, make] of Object.entries(makers)) {
    if ((values.target ?? target) !== target) continue;
    results.push(await measure(workload, target, make));
  }
}
if (values.json !== undefined) {
  const facts = { date: new Date().toISOString().slice(0, 10), command: process.argv.slice(2).join(" "), rounds };
  writeFileSync(values.json, `${JSON.stringify({ ...facts, machine: describeMachine(), results }, null, 2)}\n`);
}
process.exitCode = results.every(({ sameBits, isMet }) => sameBits && isMet) ? 0 : 1;

async function measure(
  workload: Workload,
  target: string,
  make: (threads: number | undefined) => Target,
): Promise<(typeof results)[number]> {
  const problem = workload.problem("float32");
  const compiled = (threads: number | undefined): CompiledStep => {
    return compileStep(workload, "float32", make(threads), problem);
  };
  const settings = [undefined, 1, ...asked].map((threads) => ({ threads, step: compiled(threads), times: [0] }));
  for (const { step } of settings) await warm(step);
  for (const setting of settings) setting.times.pop();
  for (let round = 0; round < rounds; round++) {
    for (const { step, times } of settings) times.push(timeOf(step));
  }
  const one = median((settings[1] as (typeof settings)[number]).times);
  const rows = settings.map(({ threads, step, times }): Row => {
    const ms = median(times);
    const bytes = step.compiled.bytes();
    return { workload: workload.id, target, threads, ms, least: Math.min(...times), gain: one / ms, bytes };
  });
  const digests = new Set<string>();
  for (const threads of allThreads) digests.add(await bitsAfter(compiled(threads), target === "wasm"));
  const best = Math.max(...rows.slice(2).map((row) => row.gain));
  const isMet = availableParallelism() < 2 || best >= (largeWorkloads.includes(workload) ? gain : loss);
  const sameBits = digests.size === 1;
  for (const row of rows) print(row);
  console.log(
    `  bits on ${allThreads.join(", ")} threads: ${sameBits ? "the same" : "NOT THE SAME"}; ${isMet ? "met" : "MISSED"}`,
  );
  if (!largeWorkloads.includes(workload) || availableParallelism() < 2) return { rows, sameBits, isMet };
  const most = await mostGain(workload.id, target, 2, Math.min(rounds, mostRounds));
  console.log(`  two processes at once: x${most.toFixed(2)}`);
  return { rows, sameBits, isMet, mostGain: most };
}

/** The digest of the state after a few steps, the last of them with all workers there. */
async function bitsAfter({ compiled, start }: CompiledStep, isStarting: boolean): Promise<string> {
  compiled.load(start);
  compiled.runSync();
  if (isStarting) await pause(300);
  for (let i = 0; i < 3; i++) compiled.runSync();
  const { parameters } = compiled.read() as TrainingState<HostTensor>;
  const hash = createHash("sha256");
  for (const { data } of Object.values(parameters)) hash.update(new Uint8Array(data.buffer));
  return hash.digest("hex");
}

function print({ workload, target, threads, ms, least, gain: found }: Row): void {
  const setting = threads === undefined ? "undivided" : `${threads} thread${threads === 1 ? "" : "s"}`;
  console.log(
    `${workload.padEnd(18)} ${target.padEnd(7)} ${setting.padEnd(10)} ${ms.toPrecision(4).padStart(7)} ms (least ${least.toPrecision(4)}), x${found.toFixed(2)}`,
  );
}
