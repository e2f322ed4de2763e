/**
 * `npm run experiment -- band-coverage [--system NAME,NAME] [--seed 1] [--pairs 4] [--out FILE]`: see `protocol.ts`. Rows are merged
 * into the file of results after every system.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { environment } from "../environment.ts";
import { cases, measure, type Row } from "./protocol.ts";

const { values } = parseArgs({
  options: {
    system: { type: "string" },
    seed: { type: "string", default: "1" },
    pairs: { type: "string", default: "4" },
    out: { type: "string", default: "experiments/band-coverage/results.json" },
  },
});

const wanted = values.system?.split(",");

for (const one of cases.filter(({ system }) => wanted?.includes(system) ?? true)) {
  const row = await measure(one, Number(values.seed), Number(values.pairs));
  console.error(JSON.stringify({ ...row, draws: row.draws.map(({ thirds }) => thirds) }));
  save(row);
}

function save(row: Row): void {
  const known = existsSync(values.out) ? (JSON.parse(readFileSync(values.out, "utf8")) as { rows: Row[] }).rows : [];
  const rows = [...known.filter(({ system, seed }) => system !== row.system || seed !== row.seed), row];
  const result = { experiment: "band-coverage", ...environment("band-coverage"), level: 0.9, rows };
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
}
