/**
 * `npm run bench:seeds -- [--seeds 8] [--steps 500] [--json FILE]`: training through an adaptive solve, to its end, from
 * several start parameters.
 *
 * The whole training of `spiral-node`, by us and by diffrax, in float32 and float64: milliseconds of all steps, once
 * compiled, the loss of the last step and the median loss of the last tenth, since at this rate the loss still jumps. For
 * the time only, from the start parameters of the workload: C by hand and torchdiffeq. The exit status is 1 where the
 * median of our losses over the start parameters lies outside of the losses that diffrax comes to.
 */
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { dopri5 } from "@leastaction/dynamics";
import { nativeAvailable } from "@leastaction/native";
import type { HostTensor } from "@leastaction/tensor";
import { startContender } from "./contender.ts";
import { benchFolder } from "./folder.ts";
import { describeMachine } from "./report/machine.ts";
import { spreadOf } from "./report/rows.ts";
import { systemsBeside } from "./systems.ts";
import { targets } from "./targets.ts";
import { spiralNode, spiralProblem } from "./workloads/spiral-node.ts";
import { compileStep, type Precision, type TrainingState } from "./workloads/workload.ts";

/** One training. */
interface Training {
  /** The stream of its start parameters; 0 is that of the workload. */
  readonly stream: number;
  /** Of all steps. */
  readonly ms: number;
  readonly lastLoss: number;
  /** The median over the last tenth of the steps. */
  readonly tailLoss: number;
}

/** Trainings of one system. */
interface Row {
  readonly system: string;
  readonly dtype: Precision;
  readonly trainings: readonly Training[];
}

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "8" },
    steps: { type: "string", default: "500" },
    json: { type: "string" },
  },
});
const steps = Number(values.steps);
const streams = Array.from({ length: Number(values.seeds) }, (_, i) => i);
const { ok, reason } = nativeAvailable();
if (!ok) console.log(`SKIPPED native: ${reason}`);

const machine = describeMachine();
const own = ["wasm", "native", "native-fast"].filter((name) => ok || !name.startsWith("native"));
const rows: Row[] = [];
for (const dtype of ["float32", "float64"] as const) {
  for (const target of own)
    report({ system: target, dtype, trainings: streams.map((each) => train(target, dtype, each)) });
  const peers = diffrax(dtype);
  if (peers !== undefined) report({ system: "diffrax", dtype, trainings: peers });
}
const others = [await wholeTime("c"), await wholeTime("torch")].filter((each) => each !== undefined);
for (const { system, ms } of others) console.log(`${system.padEnd(12)} float32  ${ms.toFixed(1)} ms`);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine, steps, rows, others }, null, 2)}\n`);
}
process.exitCode = rows.every(isWithin) ? 0 : 1;

function train(target: string, dtype: Precision, stream: number): Training {
  const make = targets[target] as (typeof targets)[string];
  const { compiled, start } = compileStep(spiralNode, dtype, make(), spiralProblem(dtype, dopri5, stream));
  const run = (count: number): number => {
    const begin = performance.now();
    for (let i = 0; i < count; i++) compiled.runSync();
    return performance.now() - begin;
  };
  compiled.load(start);
  run(steps); // what is measured has run before
  compiled.load(start);
  const tail = Math.ceil(steps / 10);
  let ms = run(steps - tail);
  const losses = Array.from({ length: tail }, () => {
    ms += run(1);
    return Number((compiled.read() as TrainingState<HostTensor>).loss.data[0]);
  });
  return { stream, ms, lastLoss: losses.at(-1) as number, tailLoss: spreadOf(losses).median };
}

/** Undefined where there is no environment for it. */
function diffrax(dtype: Precision): readonly Training[] | undefined {
  const python = path.join(benchFolder, "peers/.venv/bin/python");
  if (!existsSync(python)) {
    console.log("SKIPPED diffrax: no Python environment; run bench/peers/setup.sh");
    return undefined;
  }
  const script = path.join(benchFolder, "peers/spiral-node-seeds.diffrax.py");
  const { status, stdout, stderr } = spawnSync(python, [script, dtype, String(steps), ...streams.map(String)], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Cannot train with diffrax: expected exit status 0, got ${status}\n${stderr}`);
  return stdout
    .trim()
    .split("\n")
    .map((line) => {
      const { stream, ms, losses } = JSON.parse(line) as { stream: number; ms: number; losses: number[] };
      const tail = losses.slice(-Math.ceil(steps / 10));
      return { stream, ms, lastLoss: tail.at(-1) as number, tailLoss: spreadOf(tail).median };
    });
}

/** Milliseconds of all steps in a system that answers as the bench does; undefined where it cannot be started. */
async function wholeTime(system: string): Promise<{ readonly system: string; readonly ms: number } | undefined> {
  const found = systemsBeside(["torch"], [1]).find(({ name }) => name === system);
  const start = found?.start("spiral-node");
  if (start === undefined || "skip" in start) {
    console.log(`SKIPPED ${system}: ${start?.skip}`);
    return undefined;
  }
  const contender = await startContender(start.command, start.environment);
  const { ms } = await contender.round(steps, 1);
  contender.stop();
  return { system: system === "torch" ? "torchdiffeq" : system, ms: ms * steps };
}

function report(row: Row): void {
  rows.push(row);
  const [ms, last, tail] = (["ms", "lastLoss", "tailLoss"] as const).map((key) =>
    spreadOf(row.trainings.map((each) => each[key])),
  ) as [Spread, Spread, Spread];
  console.log(
    `${row.system.padEnd(12)} ${row.dtype}  ${ms.median.toFixed(1)} ms, last loss ${show(last)}, of the last tenth ${show(tail)}`,
  );
}

type Spread = ReturnType<typeof spreadOf>;

function show({ median, min, max }: Spread): string {
  return `${median.toExponential(2)} (${min.toExponential(2)} .. ${max.toExponential(2)})`;
}

/** Whether the median of a row is among the losses of diffrax in the same element type. */
function isWithin({ dtype, trainings }: Row): boolean {
  const peer = rows.find((row) => row.system === "diffrax" && row.dtype === dtype);
  if (peer === undefined) return true;
  const { min, max } = spreadOf(peer.trainings.map(({ tailLoss }) => tailLoss));
  const { median } = spreadOf(trainings.map(({ tailLoss }) => tailLoss));
  return min <= median && median <= max;
}
