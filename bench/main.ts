/**
 * `npm run bench -- [--quick] [--threads one|all|both] [--workload ID] [--json FILE]`: ours beside hand-written C,
 * PyTorch and JAX.
 *
 * Prints a table for each workload and a summary and, with --json, writes everything. `--threads` is about the peers: ours
 * and C use one. What cannot run here is skipped loudly. The exit status is 1 if a system that ran did not do equal work:
 * its times then mean nothing.
 */
import { writeFileSync } from "node:fs";
import os from "node:os";
import { parseArgs } from "node:util";
import type { SystemFacts } from "./contender.ts";
import { type Effort, measure } from "./measure.ts";
import { withoutSlow } from "./quick.ts";
import { referenceOf, type Standards, solveReferenceOf } from "./references.ts";
import { type Honesty, honestyOf } from "./report/honesty.ts";
import { describeMachine } from "./report/machine.ts";
import { type Row, rowsOf } from "./report/rows.ts";
import { type SolveRow, solveRowsOf } from "./report/solve-rows.ts";
import { summaryOf } from "./report/summary.ts";
import { tableOf } from "./report/table.ts";
import { verdictOn } from "./report/verdict.ts";
import { type System, solveSystemsWith, systemsWith } from "./systems.ts";
import { workloads } from "./workloads/registry.ts";
import { solveWorkloads } from "./workloads/solve-registry.ts";
import type { SolveFacts, SolveWorkload } from "./workloads/solve-workload.ts";
import type { Workload } from "./workloads/workload.ts";

const efforts: Readonly<Record<"quick" | "full", Effort>> = {
  quick: { rounds: 3, roundMs: 50, longestRoundMs: 300, startsAtOnce: 2 },
  full: { rounds: 9, roundMs: 250, longestRoundMs: 20_000, startsAtOnce: 1 },
};
const cores = os.availableParallelism();
const threadsOf: Readonly<Record<string, readonly number[]>> = { one: [1], all: [cores], both: [1, cores] };

/** What is known and was found of one workload. */
interface Outcome {
  readonly known: Standards;
  readonly rows: readonly (Row | SolveRow)[];
  readonly honesty: Honesty;
}

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    threads: { type: "string", default: "one" },
    workload: { type: "string" },
    json: { type: "string" },
  },
});
const isChosen = ({ id }: { readonly id: string }): boolean => values.workload === undefined || id === values.workload;
const [training, solving] = [workloads.filter(isChosen), solveWorkloads.filter(isChosen)];
if (training.length + solving.length === 0) {
  const ids = [...workloads, ...solveWorkloads].map(({ id }) => id).join(", ");
  refuse(`expected a workload, got ${values.workload}\nWorkloads: ${ids}.`);
}
const threads = threadsOf[values.threads] ?? refuse(`expected --threads one, all or both, got ${values.threads}`);
const effort = efforts[values.quick ? "quick" : "full"];
const chosen = (systems: readonly System[]): readonly System[] => (values.quick ? withoutSlow(systems) : systems);

const machine = describeMachine();
console.log(
  `${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${machine.compiler ?? "no C compiler"}`,
);
const skipped: { readonly workload: string; readonly system: string; readonly reason: string }[] = [];
const outcomes: Outcome[] = [];
for (const workload of training) outcomes.push(reported(await outcomeOf(workload)));
for (const workload of solving) outcomes.push(reported(await solveOutcomeOf(workload)));
console.log(`\n${summaryOf(outcomes).join("\n")}`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(everything(), null, 2)}\n`);
process.exitCode = outcomes.every(({ rows }) => rows.every(({ equalWork }) => equalWork)) ? 0 : 1;

async function outcomeOf(workload: Workload): Promise<Outcome> {
  const known = referenceOf(workload.id);
  const measured = { ...workload, checkedStep: known.afterSteps.steps };
  const measurements = await measure(chosen(systemsWith(threads)), measured, effort, skippedOn(workload));
  const rows = rowsOf(workload.id, measurements, known);
  return { known, rows, honesty: honestyOf(workload.id, measurements, known) };
}

async function solveOutcomeOf(workload: SolveWorkload): Promise<Outcome> {
  const known = solveReferenceOf(workload.id);
  const systems = chosen(solveSystemsWith(threads));
  const measurements = await measure<SolveFacts & SystemFacts>(systems, workload, effort, skippedOn(workload));
  const rows = solveRowsOf(workload.id, measurements, known);
  return { known, rows, honesty: honestyOf(workload.id, measurements, known) };
}

function reported(outcome: Outcome): Outcome {
  console.log(`\n${tableOf(outcome.rows, outcome.known, outcome.honesty).join("\n")}`);
  return outcome;
}

function skippedOn({ id }: { readonly id: string }): (system: string, reason: string) => void {
  return (system, reason) => {
    skipped.push({ workload: id, system, reason });
    console.log(`SKIPPED ${id} on ${system}: ${reason}`);
  };
}

function everything(): object {
  return {
    machine,
    quick: values.quick,
    rows: outcomes.flatMap(({ rows, known }) => rows.map((row) => ({ ...row, verdict: verdictOn(row, rows, known) }))),
    baselines: outcomes.map(({ honesty }) => honesty),
    skipped,
  };
}

function refuse(reason: string): never {
  console.error(`Cannot bench: ${reason}`);
  process.exit(2);
}
