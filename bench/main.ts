/**
 * `npm run bench -- [--quick] [--workload ID] [--json FILE]`: ours beside hand-written C, PyTorch and JAX.
 *
 * Prints a table for each workload and, with --json, writes all rows. What cannot run here is skipped loudly. The exit
 * status is 1 if a system that ran did not do equal work: its times then mean nothing.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { SystemFacts } from "./contender.ts";
import { type Effort, measure } from "./measure.ts";
import { referenceOf, solveReferenceOf } from "./references.ts";
import { describeMachine } from "./report/machine.ts";
import { type Row, rowOf } from "./report/rows.ts";
import { type SolveRow, solveRowOf } from "./report/solve-rows.ts";
import { solveTableOf } from "./report/solve-table.ts";
import { tableOf } from "./report/table.ts";
import { solveSystems, systems } from "./systems.ts";
import { workloads } from "./workloads/registry.ts";
import { solveWorkloads } from "./workloads/solve-registry.ts";
import type { SolveFacts, SolveWorkload } from "./workloads/solve-workload.ts";
import type { Workload } from "./workloads/workload.ts";

const quick: Effort = { rounds: 5, roundMs: 100 };
const full: Effort = { rounds: 15, roundMs: 400 };

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, workload: { type: "string" }, json: { type: "string" } },
});
const isChosen = ({ id }: { readonly id: string }): boolean => values.workload === undefined || id === values.workload;
const [training, solving] = [workloads.filter(isChosen), solveWorkloads.filter(isChosen)];
if (training.length + solving.length === 0) {
  const ids = [...workloads, ...solveWorkloads].map(({ id }) => id).join(", ");
  console.error(`Cannot bench: expected a workload, got ${values.workload}\nWorkloads: ${ids}.`);
  process.exit(2);
}

const machine = describeMachine();
console.log(
  `${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${machine.compiler ?? "no C compiler"}`,
);
const effort = values.quick ? quick : full;
const rows: (Row | SolveRow)[] = [];
for (const workload of training) rows.push(...(await report(workload)));
for (const workload of solving) rows.push(...(await reportSolve(workload)));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
process.exitCode = rows.every(({ equalWork }) => equalWork) ? 0 : 1;

async function report(workload: Workload): Promise<readonly Row[]> {
  const known = referenceOf(workload.id);
  const measured = { ...workload, checkedStep: known.afterSteps.steps };
  const measurements = await measure(systems, measured, effort, skippedOn(workload));
  const found = measurements.map((measurement) => rowOf(workload.id, measurement, known));
  console.log(`\n${tableOf(found, measurements).join("\n")}`);
  return found;
}

async function reportSolve(workload: SolveWorkload): Promise<readonly SolveRow[]> {
  const measurements = await measure<SolveFacts & SystemFacts>(solveSystems, workload, effort, skippedOn(workload));
  const known = solveReferenceOf(workload.id);
  const found = measurements.map((measurement) => solveRowOf(workload.id, measurement, known));
  console.log(`\n${solveTableOf(found, measurements).join("\n")}`);
  return found;
}

function skippedOn({ id }: { readonly id: string }): (system: string, reason: string) => void {
  return (system, reason) => console.log(`SKIPPED ${id} on ${system}: ${reason}`);
}
