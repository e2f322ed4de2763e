/**
 * `npm run experiment -- long-runs [--steps 1000000] [--out FILE] [--page FILE] [--svg FILE]`: see `protocol.ts`. Every
 * solver on every system: the rows as JSON, the tables in the page, the picture as SVG.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { environment } from "../environment.ts";
import { picture } from "./picture.ts";
import { problems } from "./problem.ts";
import { entries, measure, type Row } from "./protocol.ts";
import { rounding } from "./rounding.ts";
import { roundingTable, table } from "./table.ts";

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "1000000" },
    out: { type: "string", default: "experiments/long-runs/results.json" },
    page: { type: "string", default: "docs/long-runs.md" },
    svg: { type: "string", default: "docs/images/long-runs.svg" },
  },
});

const rows: Row[] = [];
for (const problem of problems) {
  for (const entry of entries) {
    const row = measure(problem, entry, Number(values.steps));
    rows.push(row);
    console.error(JSON.stringify(row));
  }
}
const rounded = problems.map((problem) => rounding(problem, Number(values.steps)));
const result = {
  experiment: "long-runs",
  ...environment("long-runs"),
  target: "wasm, float64, compensated summation",
  criterion: "the 95 % interval of the drift within max(1 % of the oscillation, 100 eps sqrt(steps))",
  rows,
  rounding: rounded,
};
writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
writeFileSync(values.svg, picture(rows));
const page = readFileSync(values.page, "utf8");
const drifts = page.replace(/\| system \| solver[\s\S]*?\n\n/, `${table(rows)}\n\n`);
writeFileSync(values.page, drifts.replace(/\| system \| plain[\s\S]*?\n\n/, `${roundingTable(rounded)}\n\n`));
