/**
 * `npm run experiment -- double-pendulum [--seeds 3] [--steps 40] [--model NAME,NAME] [--out FILE]`: see `protocol.ts`. Rows
 * are merged into the file of results after every model.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readTable } from "@leastaction/dynamics";
import { wasm } from "@leastaction/tensor";
import { environment } from "../environment.ts";
import { spread } from "../statistics.ts";
import { compareMomenta, type MomentaResult } from "./momenta.ts";
import { authorsConstants, type Result, type Row, runProtocol } from "./protocol.ts";
import { anglesTable, long, short } from "./recordings.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "3" },
    steps: { type: "string", default: "40" },
    model: { type: "string", default: "baselines,neural-ode,dissipative-hamiltonian,hamiltonian" },
    data: { type: "string", default: "examples/multiarm-pendulum/double.csv" },
    out: { type: "string", default: "experiments/double-pendulum/results.json" },
  },
});
const baselines = ["hold", "linear-state-space", "sparse-regression"];

/** What the file holds beside its head. */
interface Results {
  readonly limits: readonly number[];
  readonly constants: Result["constants"];
  readonly momenta: MomentaResult | null;
  readonly rows: readonly Row[];
  /** On the long recording: equations and baselines. */
  readonly long: readonly Row[];
}

const text = readFileSync(values.data, "utf8");
const target = wasm();
const seeds = Number(values.seeds);
const steps = Number(values.steps);
for (const name of values.model.split(",")) {
  // The equations go first with their own number of steps; beside a network they are trained again, and not told again.
  const first = name === "baselines";
  const models = ["double-pendulum", ...(first ? baselines : [name])];
  const result = await runProtocol({
    text,
    division: short,
    models,
    seeds: first ? 1 : seeds,
    target,
    ...(first ? {} : { steps }),
  });
  const rows = first ? [result.authors, ...result.rows] : result.rows.filter(({ model }) => model === name);
  const outlasted = first ? await runProtocol({ text, division: long, models, seeds: 1, target }) : null;
  for (const row of rows) console.error(JSON.stringify(row));
  save({
    ...(outlasted === null ? {} : { long: [outlasted.authors, ...outlasted.rows] }),
    ...(first ? { limits: result.limits, constants: result.constants, momenta: momentaOf(result) } : {}),
    rows,
  });
}

function momentaOf({ run, constants }: Result): MomentaResult {
  const value = (name: string): number => constants.find((row) => row.name === name)?.value as number;
  const data = readTable(anglesTable(text, short), { name: "double.csv" });
  return compareMomenta(run, data, { ratio: value("J"), coupling: value("B") });
}

function save({ rows, ...found }: Partial<Results> & Pick<Results, "rows">): void {
  const known = existsSync(values.out)
    ? (JSON.parse(readFileSync(values.out, "utf8")) as Results)
    : { limits: [], constants: [], momenta: null, rows: [], long: [] };
  const merged = [
    ...known.rows.filter((old) => rows.every((row) => row.model !== old.model || row.seed !== old.seed)),
    ...rows,
  ];
  const summary = [...new Set(merged.map(({ model }) => model))].map((model) => {
    const own = merged.filter((row) => row.model === model);
    const over = (pick: (row: Row) => number) => spread(own.map(pick));
    return {
      model,
      seeds: own.length,
      rmse: over(({ rmse }) => rmse.reduce((sum, value) => sum + value, 0) / rmse.length),
      horizons: own.map(({ horizon: { median, low, high } }) => [median, low, high]),
    };
  });
  const { limits, constants, momenta, long } = { ...known, ...found };
  const result = {
    experiment: "double-pendulum",
    ...environment("double-pendulum"),
    unit: "rad, s",
    limits,
    authors: authorsConstants,
    constants,
    momenta,
    summary,
    rows: merged,
    long,
  };
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
}
