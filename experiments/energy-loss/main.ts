/** `npm run experiment -- energy-loss [--data FILE] [--out FILE] [--svg FILE]`: see `protocol.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { environment } from "../environment.ts";
import { picture } from "./picture.ts";
import { authorsDamping, runProtocol } from "./protocol.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "examples/multiarm-pendulum/single.csv" },
    out: { type: "string", default: "experiments/energy-loss/results.json" },
    svg: { type: "string", default: "docs/images/energy-loss.svg" },
  },
});

const { level, rows } = runProtocol(readFileSync(values.data, "utf8"));
const result = {
  experiment: "energy-loss",
  ...environment("energy-loss"),
  unit: "rad, 1/s",
  level,
  authors: authorsDamping,
  rows,
};
writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
writeFileSync(values.svg, picture(rows, authorsDamping));
