/**
 * `npm run bench:ladder -- [--workload ID] [--json FILE]`: what each measure of the compiler brings.
 *
 * For each training workload, on native and Wasm: milliseconds per step without short axes taken apart, tiles, contraction
 * and fast functions; with one after another; and with tiles of several sizes. Prints tables in Markdown and writes
 * `results/ladder-DATE.json` (none where only one workload is measured, unless --json names a file). The exit status is 1
 * where two rungs disagree on the loss.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { nativeAvailable } from "@leastaction/native";
import { benchFolder } from "./folder.ts";
import { climb } from "./ladder/climb.ts";
import { type Ladder, nativeLadder, wasmLadder } from "./ladder/rungs.ts";
import { agree, type LadderRow, ladderTable } from "./ladder/table.ts";
import { referenceOf } from "./references.ts";
import { describeMachine } from "./report/machine.ts";
import { toleranceOf } from "./report/rows.ts";
import { workloads } from "./workloads/registry.ts";
import type { Workload } from "./workloads/workload.ts";

/** A step takes a second where no measure is taken: not worth the time of all rungs. */
const large: readonly string[] = ["lnn-600", "vin-pixels"];

const { values } = parseArgs({ options: { workload: { type: "string" }, json: { type: "string" } } });
const chosen = workloads.filter(({ id }) =>
  values.workload === undefined ? !large.includes(id) : id === values.workload,
);
if (chosen.length === 0) {
  const ids = workloads.map(({ id }) => id).join(", ");
  console.error(`Cannot climb: expected a workload, got ${values.workload}\nWorkloads: ${ids}.`);
  process.exit(2);
}
if (values.workload === undefined) console.log(`Left out for their size: ${large.join(", ")}`);
const { ok, reason } = nativeAvailable();
if (!ok) console.log(`SKIPPED native: ${reason}`);

const machine = describeMachine();
const ladders = [...(ok ? [nativeLadder] : []), wasmLadder].map((ladder) => {
  const rows = chosen.map((workload) => rowOf(workload, ladder));
  console.log(`\n## ${ladder.target}\n\n${ladderTable(rows).join("\n")}`);
  return { target: ladder.target, rows };
});
const dated = path.join(benchFolder, `results/ladder-${new Date().toISOString().slice(0, 10)}.json`);
const file = values.json ?? (values.workload === undefined ? dated : undefined);
if (file !== undefined) writeFileSync(file, `${JSON.stringify({ machine, ladders }, null, 2)}\n`);
process.exitCode = ladders.every(({ rows }) => rows.every(({ equalWork }) => equalWork)) ? 0 : 1;

function rowOf(workload: Workload, { measures, tiles }: Ladder): LadderRow {
  const known = referenceOf(workload.id);
  const climbed = climb(workload, known.afterSteps.steps, [...measures, ...tiles]);
  return {
    workload: workload.id,
    measures: climbed.slice(0, measures.length),
    tiles: climbed.slice(measures.length),
    equalWork: agree(climbed, toleranceOf(known, "float32").lastLoss),
  };
}
