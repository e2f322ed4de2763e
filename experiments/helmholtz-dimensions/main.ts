/**
 * `npm run experiment -- helmholtz-dimensions [--n 3,4,5,6] [--seeds 5] [--method NAME,NAME] [--coupling NAME,NAME]
 * [--out FILE]`: see `protocol.ts`. Each row is added to the file of results as it comes; those that are there already are
 * not made again.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { environment } from "../environment.ts";
import { spread } from "../statistics.ts";
import type { Coupling } from "./oscillator-ring.ts";
import { type Method, measure, type Row, threshold, usualSteps } from "./protocol.ts";

const methods: readonly Method[] = ["relative", "relative from identity", "published"];
const couplings: readonly Coupling[] = ["mutual", "reversed", "one-sided"];

const { values } = parseArgs({
  options: {
    n: { type: "string", default: "3,4,5,6" },
    seeds: { type: "string", default: "5" },
    coupling: { type: "string", default: couplings.join(",") },
    method: { type: "string", default: methods.join(",") },
    out: { type: "string", default: "experiments/helmholtz-dimensions/results.json" },
  },
});

const wanted = {
  method: methods.filter((name) => values.method.split(",").includes(name)),
  coupling: couplings.filter((name) => values.coupling.split(",").includes(name)),
};
for (const method of wanted.method) {
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    for (const n of values.n.split(",").map(Number)) {
      for (const coupling of wanted.coupling) {
        if (rowsSoFar().some((row) => keyOf(row) === keyOf({ method, n, coupling, seed }))) continue;
        const row = await measure(n, coupling, seed, method);
        const { curve: _, ...facts } = row;
        console.error(JSON.stringify(facts));
        save(row);
      }
    }
  }
}

function keyOf({ method, n, coupling, seed }: Pick<Row, "method" | "n" | "coupling" | "seed">): string {
  return [method, n, coupling, seed].join(" ");
}

function rowsSoFar(): Row[] {
  return existsSync(values.out) ? (JSON.parse(readFileSync(values.out, "utf8")) as { rows: Row[] }).rows : [];
}

function save(row: Row): void {
  const rows = [...rowsSoFar(), row];
  const summary = methods.flatMap((method) =>
    couplings.map((coupling) => {
      const own = rows.filter((each) => each.method === method && each.coupling === coupling);
      const exists = coupling !== "one-sided";
      return {
        method,
        coupling,
        runs: own.length,
        median: own.length === 0 ? null : spread(own.map(({ median }) => median)),
        right: method === "published" ? null : own.filter(({ median }) => median < threshold === exists).length,
        rightByAlgebra: own.filter(({ refuted }) => refuted > 0 !== exists).length,
      };
    }),
  );
  const seconds = rows.reduce((sum, each) => sum + each.seconds, 0);
  const result = {
    experiment: "helmholtz-dimensions",
    ...environment("helmholtz-dimensions"),
    steps: usualSteps,
    threshold,
    seconds,
    summary,
    rows,
  };
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
}
