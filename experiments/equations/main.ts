/**
 * `npm run experiment -- equations [--law NAME,NAME] [--noise 0,0.01,0.05] [--seeds 5] [--out FILE]`: see `protocol.ts`.
 * Rows are merged into the file of results after every one.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { environment } from "../environment.ts";
import { spread } from "../statistics.ts";
import { laws, measure, noises, type Row } from "./protocol.ts";

const { values } = parseArgs({
  options: {
    law: { type: "string" },
    noise: { type: "string", default: noises.join(",") },
    seeds: { type: "string", default: "5" },
    out: { type: "string", default: "experiments/equations/results.json" },
  },
});

const wanted = values.law?.split(",");
for (const law of laws.filter(({ name }) => wanted?.includes(name) ?? true)) {
  for (const noise of values.noise.split(",").map(Number)) {
    for (let seed = 1; seed <= Number(values.seeds); seed++) {
      const row = await measure(law, noise, seed);
      console.error(JSON.stringify(row));
      save(row);
    }
  }
}

function save(row: Row): void {
  const same = (old: Row): boolean => old.law === row.law && old.noise === row.noise && old.seed === row.seed;
  const known = existsSync(values.out) ? (JSON.parse(readFileSync(values.out, "utf8")) as { rows: Row[] }).rows : [];
  const rows = [...known.filter((old) => !same(old)), row];
  const summary = noises.map((noise) => {
    const own = rows.filter((one) => one.noise === noise);
    const total = (pick: (one: Row) => number): number => own.reduce((sum, one) => sum + pick(one), 0);
    return {
      noise,
      runs: own.length,
      right: total(({ right }) => Number(right)),
      coefficients: total(({ coefficients }) => coefficients),
      covered: total(({ covered }) => covered),
      error: own.length === 0 ? null : spread(own.map(({ error }) => error)).median,
    };
  });
  const result = { experiment: "equations", ...environment("equations"), summary, rows };
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
}
