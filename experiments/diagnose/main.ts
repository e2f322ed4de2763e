/** `npm run experiment -- diagnose [--steps N] [--out FILE]`: see `protocol.ts`. Prints the table of `docs/diagnose.md`. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { environment } from "../environment.ts";
import { diagnoseCase, knownCases, noises, type Row, scoreOf } from "./protocol.ts";

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "600" },
    out: { type: "string", default: "experiments/diagnose/results.json" },
  },
});

const rows: Row[] = [];
for (const noise of noises) {
  for (const known of knownCases) {
    const row = await diagnoseCase(known, noise, Number(values.steps));
    rows.push(row);
    console.error(JSON.stringify(row));
    const result = {
      experiment: "diagnose",
      ...environment("diagnose"),
      steps: Number(values.steps),
      score: scoreOf(rows),
      rows,
    };
    writeFileSync(values.out, `${JSON.stringify(result, null, 1)}\n`);
  }
}
for (const { system, parameters, noise, verdicts, metrics, refuted, equationError, fieldError } of rows) {
  const name = [system, ...Object.entries(parameters).map(([key, value]) => `${key} ${value}`)].join(", ");
  console.log(`| ${[name, noise, ...verdicts, fieldError, metrics.join(" / "), refuted, equationError].join(" | ")} |`);
}
