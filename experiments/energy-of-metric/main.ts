/** `npm run experiment -- energy-of-metric [--seeds 1,2,3] [--steps 0,100,1000]`: see `protocol.ts`. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { environment } from "../environment.ts";
import { type Row, rowOf } from "./protocol.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1,2,3" },
    steps: { type: "string", default: "0,100,1000" },
    out: { type: "string", default: "experiments/energy-of-metric/results.json" },
  },
});

const rows: Row[] = [];
for (const seed of values.seeds.split(",").map(Number)) {
  for (const steps of values.steps.split(",").map(Number)) {
    const row = await rowOf(seed, steps);
    console.error(JSON.stringify(row));
    rows.push(row);
    const result = { experiment: "energy-of-metric", ...environment("energy-of-metric"), rows };
    writeFileSync(values.out, `${JSON.stringify(result, null, 1)}\n`);
  }
}
