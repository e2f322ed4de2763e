/**
 * Tasks 1 and 2 of the Hamiltonian networks paper; see README.md beside this file. Rows are merged into the file of
 * results after every training, so that the work can be done in pieces.
 *
 * Options: --seeds 10  --first 0  --task spring|pendulum  --training published|reduced  --out FILE
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { wasm } from "@leastaction/tensor";
import { environment } from "../environment.ts";
import { evaluateOne, type Row } from "./evaluation.ts";
import { summarise } from "./summary.ts";
import { tasks } from "./task.ts";
import { type Training, trainings } from "./training.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "10" },
    first: { type: "string", default: "0" },
    task: { type: "string" },
    training: { type: "string", default: "published" },
    out: { type: "string", default: "experiments/hnn/results.json" },
  },
});

const training = trainings[values.training as Training["name"]];
const first = Number(values.first);
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => first + i);
for (const task of tasks.filter(({ name }) => values.task === undefined || name === values.task)) {
  for (const seed of seeds) {
    for (const kind of ["hamiltonian", "network"] as const) {
      const row = evaluateOne({ task, kind, seed, training, target: wasm() });
      console.error(JSON.stringify(row));
      save(row);
    }
  }
}

/** Puts a row in the file, in place of an older one of the same training. */
function save(row: Row): void {
  const known = existsSync(values.out) ? (JSON.parse(readFileSync(values.out, "utf8")) as { rows: Row[] }).rows : [];
  const key = ({ task, training: recipe, kind, seed }: Row): string => [task, recipe, kind, seed].join();
  const rows = [...known.filter((other) => key(other) !== key(row)), row];
  const result = { experiment: "hnn", ...environment("hnn"), summary: summarise(rows), rows };
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
}
