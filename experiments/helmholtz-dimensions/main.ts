/**
 * `npm run experiment -- helmholtz-dimensions [--n 3,4,5,6] [--seeds 5] [--method NAME,NAME] [--coupling NAME,NAME] [--out FILE]`: see `protocol.ts`. Rows are
 * merged into the file of results after every one.
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

for (const method of methods.filter((name) => values.method.split(",").includes(name))) {
  for (const coupling of couplings.filter((name) => values.coupling.split(",").includes(name))) {
    for (const n of values.n.split(",").map(Number)) {
      for (let seed = 1; seed <= Number(values.seeds); seed++) {
        const row = await measure(n, coupling, seed, method);
        const { curve: _, ...facts } = row;
        console.error(JSON.stringify(facts));
        save(row);
      }
    }
  }
}

function save(row: Row): void {
  const key = ({ n, coupling, seed, method }: Row): string => [method, n, coupling, seed].join(" ");
  const known = existsSync(values.out) ? (JSON.parse(readFileSync(values.out, "utf8")) as { rows: Row[] }).rows : [];
  const rows = [...known.filter((old) => key(old) !== key(row)), row];
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
