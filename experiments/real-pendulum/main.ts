/**
 * The measured pendulum of the Hamiltonian networks paper; see README.md beside this file. Rows are merged into the file
 * of results after every training, so that the work can be done in pieces.
 *
 * Options: --seeds 10  --first 0  --protocol left|midpoint|rollout  --model hamiltonian|dissipative  --select  --out FILE
 * With --select the recipe of the dissipative model is chosen again (minutes) and nothing is trained for the test.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { wasm } from "@leastaction/tensor";
import { environment } from "../environment.ts";
import type { Score } from "./evaluation.ts";
import {
  kinds,
  type Protocol,
  protocols,
  type TrainingOptions,
  trainDissipative,
  trainHamiltonian,
} from "./protocol.ts";
import { missingRecording, readRecording, rowsOf, trainingRows } from "./recording.ts";
import { referenceFits, scoreReference } from "./reference-fits.ts";
import { type Candidate, selectRecipe } from "./selection.ts";
import { type Row, summarise } from "./summary.ts";

/** What the file of results holds beside its summary and the environment. */
interface Results {
  readonly references: readonly (Score & { readonly name: string })[];
  readonly selection: readonly Candidate[];
  readonly rows: readonly Row[];
}

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "10" },
    first: { type: "string", default: "0" },
    protocol: { type: "string" },
    model: { type: "string" },
    select: { type: "boolean", default: false },
    out: { type: "string", default: "experiments/real-pendulum/results.json" },
  },
});

const missing = missingRecording();
if (missing !== null) {
  console.error(missing);
  process.exitCode = 2;
} else {
  run();
}

function run(): void {
  const recording = readRecording();
  const training = rowsOf(recording, 0, trainingRows);
  const test = rowsOf(recording, trainingRows);
  const references = referenceFits.map((fit) => ({ name: fit.name, ...scoreReference(fit, test, wasm()) }));
  save({ references });
  if (values.select) {
    save({ selection: selectRecipe(training, wasm(), console.error) });
    return;
  }
  const chosen = <T extends string>(all: readonly T[], name: string | undefined): readonly T[] =>
    all.filter((one) => name === undefined || one === name);
  for (const protocol of chosen<Protocol>(protocols, values.protocol)) {
    for (const model of chosen(kinds, values.model)) {
      for (let seed = Number(values.first); seed < Number(values.first) + Number(values.seeds); seed++) {
        const started = performance.now();
        const options: TrainingOptions = { recording: training, protocol, seed, target: wasm() };
        const trained = model === "hamiltonian" ? trainHamiltonian(options) : trainDissipative(options);
        const [score] = trained.score([test]) as [Score];
        const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
        const row: Row = { protocol, model, seed, ...score, seconds };
        console.error(JSON.stringify(row));
        save({ rows: [row] });
      }
    }
  }
}

/** Merges parts into the file of results. */
function save(parts: Partial<Results>): void {
  const known: Results = existsSync(values.out)
    ? (JSON.parse(readFileSync(values.out, "utf8")) as Results)
    : { references: [], selection: [], rows: [] };
  const key = ({ protocol, model, seed }: Row): string => [protocol, model, seed].join();
  const added = parts.rows ?? [];
  const kept = known.rows.filter((row) => !added.some((other) => key(other) === key(row)));
  const rows = [...kept, ...added];
  const result = {
    experiment: "real-pendulum",
    ...environment("real-pendulum"),
    references: parts.references ?? known.references,
    summary: summarise(rows),
    rows,
    selection: parts.selection ?? known.selection,
  };
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
}
