/**
 * One family in a process of its own: `node serve.js FAMILY COLD ROUNDS SIZE…` prints one line of JSON.
 *
 * First the program of COLD equations, as a process that has just started compiles it; then every size, the smallest
 * first, the best of ROUNDS runs: what is left when the passes themselves are compiled.
 */
import { beCompilingProcess } from "../compiling-process.ts";
import { families } from "./families.ts";
import { lengthFor, type Timing, timeOnce } from "./measure.ts";

/** What is measured of a family. */
export interface Served {
  readonly cold: Timing;
  readonly points: readonly Timing[];
}

beCompilingProcess();
const [name = "", cold = "", rounds = "", ...sizes] = process.argv.slice(2);
const family = families[name];
if (family === undefined) {
  console.error(`Cannot serve: expected a family, got ${name}\nFamilies: ${Object.keys(families).join(", ")}.`);
  process.exit(2);
}
const served: Served = {
  cold: timeOnce(family, lengthFor(family, Number(cold))),
  points: sizes.map((size) => {
    const length = lengthFor(family, Number(size));
    const runs = Array.from({ length: Number(rounds) }, () => timeOnce(family, length));
    return runs.reduce((best, run) => (run.ms < best.ms ? run : best));
  }),
};
console.log(JSON.stringify(served));
