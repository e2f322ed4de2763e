/**
 * `npm run experiment -- driven-pendulum [--first 0] [--rigs 20] [--out FILE]`: see `protocol.ts`. Rows are merged into the
 * file of results after every rig.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { environment } from "../environment.ts";
import { type RigRow, runRig } from "./protocol.ts";
import { summaryOf } from "./summary.ts";

const { values } = parseArgs({
  options: {
    first: { type: "string", default: "0" },
    rigs: { type: "string", default: "20" },
    out: { type: "string", default: "experiments/driven-pendulum/results.json" },
  },
});

const first = Number(values.first);
for (let seed = first; seed < first + Number(values.rigs); seed++) {
  const row = await runRig(seed, ["pendulum", "linear-state-space", "hold"]);
  console.error(JSON.stringify(row));
  save(row);
}

function save(row: RigRow): void {
  const known = existsSync(values.out)
    ? (JSON.parse(readFileSync(values.out, "utf8")) as { rows: readonly RigRow[] }).rows
    : [];
  const rows = [...known.filter(({ seed }) => seed !== row.seed), row].sort((a, b) => a.seed - b.seed);
  const result = {
    experiment: "driven-pendulum",
    ...environment("driven-pendulum"),
    summary: summaryOf(rows),
    rows,
  };
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
}
