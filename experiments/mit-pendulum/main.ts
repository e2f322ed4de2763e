/**
 * `npm run experiment -- mit-pendulum [--seeds 5] [--model NAME,NAME] [--out FILE]`: see `protocol.ts`. Rows are merged
 * into the file of results after every model.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { environment } from "../environment.ts";
import { spread } from "../statistics.ts";
import { type Row, runProtocol } from "./protocol.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "5" },
    model: { type: "string", default: "pendulum,dissipative-hamiltonian,neural-ode" },
    data: { type: "string", default: "examples/multiarm-pendulum/single.csv" },
    out: { type: "string", default: "experiments/mit-pendulum/results.json" },
  },
});

/** What other fits of the same data give, for comparison; rad. */
const reference = {
  "linear damping, fitted on id": 0.022,
  "the authors' constants": 0.018,
  "five friction constants, fitted on all of id": 0.008,
};
const bars = { pendulum: 0.01, "dissipative-hamiltonian": 0.018 };

const table = readFileSync(values.data, "utf8");
for (const model of values.model.split(",")) {
  const rows = await runProtocol({ table, model, seed: 0, seeds: Number(values.seeds) });
  for (const row of rows) console.error(JSON.stringify({ ...row, constants: undefined }));
  save(rows);
}

function save(rows: readonly Row[]): void {
  const known = existsSync(values.out) ? (JSON.parse(readFileSync(values.out, "utf8")) as { rows: Row[] }).rows : [];
  const merged = [
    ...known.filter((old) => rows.every((row) => row.model !== old.model || row.seed !== old.seed)),
    ...rows,
  ];
  const names = [...new Set(merged.map(({ model }) => model))];
  const summary = names.map((model) => {
    const own = merged.filter((row) => row.model === model);
    const { median, range } = spread(own.map(({ rmse }) => rmse));
    return {
      model,
      seeds: own.length,
      rmse: { median, range },
      coverage: spread(own.map(({ coverage }) => coverage)).range,
    };
  });
  const result = {
    experiment: "mit-pendulum",
    ...environment("mit-pendulum"),
    unit: "rad",
    bars,
    reference,
    summary,
    rows: merged,
  };
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
}
