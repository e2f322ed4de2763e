/** `npm run experiment -- measured-lagrangian [--steps 1000] [--seeds 1] [--out FILE]`: see `protocol.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { authorsConstants } from "../double-pendulum/protocol.ts";
import { environment } from "../environment.ts";
import { divergenceWith, type Row, runProtocol } from "./protocol.ts";

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "1000" },
    seeds: { type: "string", default: "1" },
    data: { type: "string", default: "examples/multiarm-pendulum/double.csv" },
    fitted: { type: "string", default: "experiments/double-pendulum/results.json" },
    out: { type: "string", default: "experiments/measured-lagrangian/results.json" },
  },
});

const fitted = JSON.parse(readFileSync(values.fitted, "utf8")) as {
  readonly constants: readonly { readonly name: string; readonly value: number }[];
};
const constants = Object.fromEntries(fitted.constants.map(({ name, value }) => [name, value]));
const rows: Row[] = [];
const options = { text: readFileSync(values.data, "utf8"), constants };
const authors = { constants: authorsConstants, divergence: await divergenceWith(options.text, authorsConstants) };
await runProtocol({ ...options, steps: Number(values.steps), seeds: Number(values.seeds) }, (row) => {
  rows.push(row);
  const result = { experiment: "measured-lagrangian", ...environment("measured-lagrangian"), constants, authors, rows };
  writeFileSync(values.out, `${JSON.stringify(result, null, 1)}\n`);
});
