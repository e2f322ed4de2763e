/**
 * Lagrangian neural ODEs with the Helmholtz metric and without, pair by pair; see README.md beside this file. Every
 * training that has ended is one line of `runs.jsonl`, and is not made again: stop at any time and go on later. The table
 * is made from all lines.
 *
 * Options: --pairs 40  --only 0-9  --quick  --control without-metric  --runs FILE  --out FILE
 * The exit status is 1 where --quick does not hold what it must.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  type ExperimentOutcome,
  type ExperimentRow,
  lagrangianOdeExperiment as experiment,
} from "@leastaction/dynamics";
import { native, nativeAvailable } from "@leastaction/native";
import { wasm } from "@leastaction/tensor";
import { environment } from "../environment.ts";

const { values } = parseArgs({
  options: {
    pairs: { type: "string" },
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    control: { type: "string" },
    runs: { type: "string" },
    out: { type: "string" },
  },
});
const form = values.quick ? "quick" : "full";
const control = values.control ?? null;
const name = [values.quick ? "quick" : null, control].filter((word) => word !== null).join("-");
const folder = "experiments/lagrangian-ode";
const runs = values.runs ?? `${folder}/${name === "" ? "runs" : name}.jsonl`;
const out = values.out ?? `${folder}/${name === "" ? "results" : name}.json`;
const pairs = Number(values.pairs ?? experiment.seeds[form]);
const [first = 0, last = pairs - 1] = (values.only ?? "").split("-").filter(Boolean).map(Number);

const options = { contract: true, accuracy: "fast" } as const;
const target = nativeAvailable(options).ok ? native(options) : wasm();
for (let seed = first; seed <= last; seed++) {
  for (const { name: part } of experiment.parts) {
    if (known().some((one) => one.part === part && one.seed === seed)) continue;
    const begin = process.cpuUsage().user;
    const outcome = await experiment.run({ part, form, seed, control }, { target });
    if (outcome === null) continue;
    appendFileSync(runs, `${JSON.stringify(outcome)}\n`);
    const own = (process.cpuUsage().user - begin) / 1e6;
    console.error(
      `${part} ${seed}: ${outcome.status}, ${own.toFixed(0)} s of processor time, ${JSON.stringify(outcome.measures)}`,
    );
    writeTable();
  }
}
const failed = writeTable().filter(({ holds }) => holds === false);
if (values.quick && failed.length > 0) {
  console.error(`Not held: ${failed.map((row) => row.name).join(", ")}.`);
  process.exitCode = 1;
}

function known(): readonly ExperimentOutcome[] {
  if (!existsSync(runs)) return [];
  const lines = readFileSync(runs, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as ExperimentOutcome);
}

function writeTable(): readonly ExperimentRow[] {
  const rows = experiment.rows(known());
  const told = rows.map(({ setting: _setting, bar: _bar, ...row }) => row);
  const result = {
    experiment: experiment.name,
    ...environment(experiment.name),
    target: target.name,
    setting: rows[0]?.setting,
    rows: told,
  };
  writeFileSync(out, `${JSON.stringify(result, null, 2)}\n`);
  for (const { name: row, ours, spread, note } of rows) {
    console.log(
      `${row.padEnd(24)} R = ${ours?.toPrecision(3)} [${spread?.map((x) => x.toPrecision(3)).join(", ")}]  ${note}`,
    );
  }
  return rows;
}
