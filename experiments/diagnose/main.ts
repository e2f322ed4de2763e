/**
 * `npm run experiment -- diagnose [--steps N] [--noise 0.01,0,0.05] [--seeds 1,2] [--out FILE]`: see `protocol.ts`. Each row is added to the
 * file of results as it comes; those that are there already are not made again. Prints the table of `docs/diagnose.md`.
 * `npm run experiment -- diagnose --floor [--seeds 1,2,3]`: see `floor.ts`.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { environment } from "../environment.ts";
import { type FloorRow, floorRows } from "./floor.ts";
import { diagnoseCase, knownCases, noises, type Row, scoreOf } from "./protocol.ts";

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "800" },
    floor: { type: "boolean", default: false },
    seeds: { type: "string", default: "1,2" },
    noise: { type: "string", default: noises.join(",") },
    out: { type: "string", default: "experiments/diagnose/results.json" },
  },
});

const steps = Number(values.steps);
const seeds = values.seeds.split(",").map(Number);
if (values.floor) await measureFloor();
else await measureVerdicts();

async function measureVerdicts(): Promise<void> {
  for (const seed of seeds) {
    for (const noise of values.noise.split(",").map(Number)) {
      for (const known of knownCases) {
        if (rowsSoFar().some((row) => keyOf(row) === keyOf({ ...known, noise, seed }))) continue;
        const row = await diagnoseCase(known, noise, steps, seed);
        console.error(JSON.stringify(row));
        save(row);
      }
    }
  }
  for (const {
    system,
    parameters,
    noise,
    seed,
    verdicts,
    metrics,
    refuted,
    equationError,
    fieldError,
  } of rowsSoFar()) {
    const name = [system, ...Object.entries(parameters).map(([key, value]) => `${key} ${value}`)].join(", ");
    console.log(
      `| ${[name, noise, seed, ...verdicts, fieldError, metrics.join(" / "), refuted, equationError].join(" | ")} |`,
    );
  }
}

async function measureFloor(): Promise<void> {
  const file = "experiments/diagnose/floor.json";
  const rows = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { rows: FloorRow[] }).rows : [];
  const key = ({ system, n, seed }: Pick<FloorRow, "system" | "n" | "seed">): string => `${system} ${n} ${seed}`;
  const isDone = (row: Pick<FloorRow, "system" | "n" | "seed">): boolean => rows.some((each) => key(each) === key(row));
  await floorRows(seeds, isDone, (row) => {
    console.error(JSON.stringify(row));
    rows.push(row);
    const result = { experiment: "diagnose", ...environment("diagnose"), rows };
    writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`);
  });
}

function keyOf({ system, parameters, noise, seed }: Pick<Row, "system" | "parameters" | "noise" | "seed">): string {
  return JSON.stringify([system, parameters, noise, seed]);
}

function rowsSoFar(): readonly Row[] {
  return existsSync(values.out) ? (JSON.parse(readFileSync(values.out, "utf8")) as { rows: Row[] }).rows : [];
}

function save(row: Row): void {
  const rows = [...rowsSoFar(), row];
  const result = { experiment: "diagnose", ...environment("diagnose"), steps, score: scoreOf(rows), rows };
  writeFileSync(values.out, `${JSON.stringify(result, null, 1)}\n`);
}
