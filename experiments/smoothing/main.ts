/** `npm run experiment -- smoothing [--out FILE]`: see `protocol.ts`. Prints the table of `docs/sampling.md`. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { smoothings } from "@leastaction/dynamics";
import { environment } from "../environment.ts";
import { geometricMean } from "../statistics.ts";
import { measure, type Row, spoilings, systemNames } from "./protocol.ts";

const { values } = parseArgs({
  options: {
    trajectories: { type: "string", default: "4" },
    out: { type: "string", default: "experiments/smoothing/results.json" },
  },
});

const rows = systemNames.flatMap((system) =>
  spoilings.map((spoiling): Row => {
    const row = measure(system, spoiling, Number(values.trajectories));
    console.error(JSON.stringify(row));
    return row;
  }),
);
const summary = spoilings.map(({ name }) => {
  const own = rows.filter(({ spoiling }) => spoiling === name);
  const velocity = Object.fromEntries(
    smoothings.map((way) => {
      const { estimate } = geometricMean(own.map((row) => row.velocity[way]));
      return [way, Number(estimate.toPrecision(3))];
    }),
  );
  return { spoiling: name, velocity };
});
const result = {
  experiment: "smoothing",
  ...environment("smoothing"),
  unit: "share of the root mean square velocity; geometric mean over the systems in the summary",
  summary,
  rows,
};
writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
for (const { spoiling, velocity } of summary) {
  console.log(`| ${spoiling} | ${smoothings.map((way) => velocity[way]).join(" | ")} |`);
}
