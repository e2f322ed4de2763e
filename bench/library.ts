/**
 * `npm run bench:library -- [--workload ID] [--target NAME] [--rounds N] [--json FILE]`: a training step of the library's
 * models beside the workloads that were written by hand for the same work.
 *
 * Both sides have the same networks, start, data and optimiser. First their losses and gradient norms at the start are
 * compared in float64; then their steps are timed in turn. The exit status is 1 where they differ, or where the library
 * takes longer by more than a twentieth: its users would not get what the bench promises.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { nativeAvailable } from "@leastaction/native";
import { type Target, wasm } from "@leastaction/tensor";
import { type Comparison, comparisons, sideOf } from "./library/comparisons.ts";
import { firstStepOf, type LoadedStep, loadedStep } from "./library/library-step.ts";
import { describeMachine } from "./report/machine.ts";
import { targets } from "./targets.ts";
import type { FirstStep } from "./workloads/workload.ts";

const mostTimes = 1.05;
const tolerance = 1e-10;

const { values } = parseArgs({
  options: {
    workload: { type: "string" },
    target: { type: "string" },
    rounds: { type: "string", default: "15" },
    json: { type: "string" },
  },
});
const { ok, reason } = nativeAvailable();
if (!ok) console.log(`SKIPPED native: ${reason}`);
const makers = Object.entries(targets).filter(([name]) => {
  return (values.target ?? name) === name && (ok || !name.startsWith("native"));
});

interface Row {
  readonly target: string;
  /** ms a step, medians. */
  readonly workload: number;
  readonly library: number;
  readonly ratio: number;
}

const results: { id: string; dtype: string; first: Record<string, FirstStep>; isEqual: boolean; rows: Row[] }[] = [];
for (const comparison of comparisons.filter(({ workload: { id } }) => (values.workload ?? id) === id)) {
  const { workload, dtype, library } = comparison;
  const first = {
    workload: await firstStepOf(sideOf(workload, "float64"), wasm()),
    library: await firstStepOf(library("float64", false), wasm()),
  };
  const isEqual = (["loss", "gradientNorm"] as const).every((of) => {
    return Math.abs(first.library[of] / first.workload[of] - 1) <= tolerance;
  });
  if (!isEqual) console.log(`${workload.id}: NOT EQUAL WORK: ${JSON.stringify(first)}`);
  const rows = makers.map(([target, make]) => rowOf(comparison, target, make));
  results.push({ id: workload.id, dtype, first, isEqual, rows });
}
if (values.json !== undefined) {
  const facts = { date: new Date().toISOString().slice(0, 10), command: process.argv.slice(2).join(" ") };
  writeFileSync(values.json, `${JSON.stringify({ ...facts, machine: describeMachine(), results }, null, 2)}\n`);
}
const isMet = ({ isEqual, rows }: (typeof results)[number]): boolean =>
  isEqual && rows.every(({ ratio }) => ratio <= mostTimes);
process.exitCode = results.every(isMet) ? 0 : 1;

function rowOf({ workload, dtype, library }: Comparison, target: string, make: () => Target): Row {
  const [byHand, own] = inTurn([
    loadedStep(sideOf(workload, dtype), dtype, make()),
    loadedStep(library(dtype, true), dtype, make()),
  ]) as [number, number];
  const ratio = own / byHand;
  console.log(
    `${workload.id.padEnd(16)} ${dtype} ${target.padEnd(12)} workload ${byHand.toPrecision(4)} ms, library ${own.toPrecision(4)} ms: ${ratio.toFixed(3)}`,
  );
  return { target, workload: byHand, library: own, ratio };
}

/** ms of a step of each: medians over rounds in which they take turns, after some that warm them. */
function inTurn(steps: readonly LoadedStep[]): number[] {
  const times = steps.map((): number[] => []);
  const warming = 6;
  for (let round = -warming; round < Number(values.rounds); round++) {
    steps.forEach((step, i) => {
      const ms = timeOf(step);
      if (round >= 0) times[i]?.push(ms);
    });
  }
  return times.map((each) => each.sort((a, b) => a - b)[(each.length - 1) >> 1] as number);
}

/** ms of a step, over as many as take some tens of ms. */
function timeOf({ load, run }: LoadedStep): number {
  load();
  run();
  let steps = 0;
  const from = performance.now();
  do {
    run();
    steps++;
  } while (performance.now() < from + 50);
  return (performance.now() - from) / steps;
}
