/**
 * Runs an experiment training by training. Each that has ended is one line of `runs.jsonl`, and is not made again: stop at
 * any time and go on later. The table is made from all lines. Several processes may work on it at a time, each on seeds
 * and in a file of its own; their lines are put together afterwards.
 *
 * Options: --pairs 40  --only 0-9  --parts a,b  --quick  --control NAME  --runs FILE  --out FILE
 * The exit status is 1 where --quick does not hold what it must.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Experiment, ExperimentOutcome, ExperimentRow } from "@leastaction/dynamics";
import { native, nativeAvailable } from "@leastaction/native";
import { wasm } from "@leastaction/tensor";
import { environment } from "./environment.ts";

/** What the command line says. */
interface Words {
  readonly form: "quick" | "full";
  readonly control: string | null;
  readonly parts: readonly string[];
  /** The first and the last. */
  readonly seeds: readonly [number, number];
  readonly runs: string;
  readonly out: string;
}

/** Outcomes of another experiment. */
export interface Borrowed {
  /** Not made again. */
  readonly whole: readonly ExperimentOutcome[];
  /** In the table until they are made. */
  readonly parts: readonly ExperimentOutcome[];
}

/** Runs what the command line asks for. */
export async function runTrainings(
  experiment: Experiment,
  borrowed: Borrowed = { whole: [], parts: [] },
): Promise<void> {
  const { form, control, parts, seeds, runs, out } = wordsFor(experiment);
  const fitting = (outcomes: readonly ExperimentOutcome[]): readonly ExperimentOutcome[] =>
    outcomes.filter((outcome) => outcome.form === form && control === null);
  const known = (): readonly ExperimentOutcome[] => [...fitting(borrowed.whole), ...linesOf(runs)];
  const options = { contract: true, accuracy: "fast" } as const;
  const target = nativeAvailable(options).ok ? native(options) : wasm();
  const isKnown = (part: string, seed: number): boolean =>
    known().some((one) => one.part === part && one.seed === seed);
  const table = (): readonly ExperimentRow[] => {
    const rest = fitting(borrowed.parts).filter(({ part, seed }) => !isKnown(part, seed));
    return writeTable(experiment, [...rest, ...known()], out, target.name);
  };
  for (let seed = seeds[0]; seed <= seeds[1]; seed++) {
    for (const part of parts) {
      if (isKnown(part, seed)) continue;
      const begin = process.cpuUsage().user;
      const outcome = await experiment.run({ part, form, seed, control }, { target });
      if (outcome === null) continue;
      appendFileSync(runs, `${JSON.stringify(outcome)}\n`);
      const own = ((process.cpuUsage().user - begin) / 1e6).toFixed(0);
      console.error(
        `${part} ${seed}: ${outcome.status}, ${own} s of processor time, ${JSON.stringify(outcome.measures)}`,
      );
      table();
    }
  }
  const rows = table();
  for (const { ours, spread, note, ...row } of rows) {
    const interval = spread === null ? "" : ` [${spread.map((x) => x.toPrecision(3)).join(", ")}]`;
    console.log(`${nameOf(row).padEnd(80)} ${ours?.toPrecision(3) ?? "none"}${interval}  ${note}`);
  }
  const failed = rows.filter(({ holds }) => holds === false);
  if (form === "quick" && failed.length > 0) {
    console.error(`Not held: ${failed.map(nameOf).join(", ")}.`);
    process.exitCode = 1;
  }
}

function nameOf({ grid, name, quantity }: Pick<ExperimentRow, "grid" | "name" | "quantity">): string {
  return [...(grid === null ? [] : [grid]), name, quantity].join(": ");
}

function wordsFor(experiment: Experiment): Words {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      pairs: text,
      only: text,
      parts: text,
      quick: { type: "boolean", default: false },
      control: text,
      runs: text,
      out: text,
    },
  });
  const form = values.quick ? "quick" : "full";
  const name = [values.quick ? "quick" : undefined, values.control].filter((word) => word !== undefined).join("-");
  const folder = `experiments/${experiment.name}`;
  const count = Number(values.pairs ?? experiment.seeds[form]);
  const [first = 0, last = count - 1] = (values.only ?? "").split("-").filter(Boolean).map(Number);
  return {
    form,
    control: values.control ?? null,
    parts: values.parts?.split(",") ?? experiment.parts.map((part) => part.name),
    seeds: [first, last],
    runs: values.runs ?? `${folder}/${name === "" ? "runs" : name}.jsonl`,
    out: values.out ?? `${folder}/${name === "" ? "results" : name}.json`,
  };
}

/** The outcomes in a file of lines; none where there is no file. */
export function linesOf(file: string): readonly ExperimentOutcome[] {
  return jsonLines(file) as readonly ExperimentOutcome[];
}

/** What is in a file of lines, each JSON; nothing where there is no file. */
export function jsonLines(file: string): readonly unknown[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as unknown);
}

function writeTable(
  experiment: Experiment,
  outcomes: readonly ExperimentOutcome[],
  out: string,
  target: string,
): readonly ExperimentRow[] {
  const rows = experiment.rows(outcomes);
  const settings = Object.fromEntries(outcomes.map(({ part, setting }) => [part, setting]));
  const told = rows.map(({ bar: _bar, ...row }) => row);
  const result = {
    experiment: experiment.name,
    ...environment(experiment.name),
    target,
    settings,
    statistic: experiment.statistic,
    rows: told,
  };
  writeFileSync(out, `${JSON.stringify(result, null, 2)}\n`);
  return rows;
}
