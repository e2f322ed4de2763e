/**
 * `npm run bench -- [--quick] [--workload ID] [--json FILE]`: ours beside hand-written C, PyTorch and JAX.
 *
 * Prints a table for each workload and, with --json, writes all rows. What cannot run here is skipped loudly. The exit
 * status is 1 if a system that ran did not do equal work: its times then mean nothing.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Effort, measure } from "./measure.ts";
import { referenceOf } from "./references.ts";
import { describeMachine } from "./report/machine.ts";
import { type Row, rowOf } from "./report/rows.ts";
import { tableOf } from "./report/table.ts";
import { workloads } from "./workloads/registry.ts";
import type { Workload } from "./workloads/workload.ts";

const quick: Effort = { rounds: 5, roundMs: 100 };
const full: Effort = { rounds: 15, roundMs: 400 };

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, workload: { type: "string" }, json: { type: "string" } },
});
const chosen = values.workload === undefined ? workloads : workloads.filter(({ id }) => id === values.workload);
if (chosen.length === 0) {
  const ids = workloads.map(({ id }) => id).join(", ");
  console.error(`Cannot bench: expected a workload, got ${values.workload}\nWorkloads: ${ids}.`);
  process.exit(2);
}

const machine = describeMachine();
console.log(
  `${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${machine.compiler ?? "no C compiler"}`,
);
const rows: Row[] = [];
for (const workload of chosen) rows.push(...(await report(workload, values.quick ? quick : full)));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
process.exitCode = rows.every(({ equalWork }) => equalWork) ? 0 : 1;

async function report(workload: Workload, effort: Effort): Promise<readonly Row[]> {
  const measurements = await measure(workload, effort, (system, reason) =>
    console.log(`SKIPPED ${workload.id} on ${system}: ${reason}`),
  );
  const known = referenceOf(workload.id);
  const found = measurements.map((measurement) => rowOf(workload.id, measurement, known));
  console.log(`\n${tableOf(found, measurements).join("\n")}`);
  return found;
}
