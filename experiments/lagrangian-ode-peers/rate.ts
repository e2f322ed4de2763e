/**
 * How much of the comparison is the rate. `plain` and `lagrangian-ode` have the published 0.07 at the start,
 * `mechanical-lagrangian` has 0.02: here the first two are trained at 0.02 as well, at the published size and at equal steps, on
 * the data sets of the comparison, and all five are held against `plain` at 0.02. Each training that has ended is a line
 * of `rate.jsonl` and is not made again; `rate.json` is made from all of them and from those of the comparison.
 *
 * `npm run experiment -- lagrangian-ode-peers rate --only 0-39 --models plain,lagrangian-ode --runs FILE --out FILE`
 */
import { appendFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { compareErrors, geometricMean, lagrangianOdePeers, lagrangianOdeSizes, trainPeer } from "@leastaction/dynamics";
import { native } from "@leastaction/native";
import { environment } from "../environment.ts";
import { jsonLines, linesOf } from "../run-trainings.ts";

/** A training of this rate. */
interface Trained {
  readonly model: string;
  readonly rate: number;
  readonly seed: number;
  readonly status: string;
  readonly restarts: number;
  readonly steps: number;
  readonly errors: Readonly<Record<string, number>>;
}

type Errors = ReadonlyMap<number, Readonly<Record<string, number | null>>>;

const folder = "experiments/lagrangian-ode-peers";
const measured = ["x inside", "v inside", "a inside", "x beyond", "v beyond", "a beyond"];
const rate = 0.02;
const sizes = { ...lagrangianOdeSizes.full, rate };

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { only: text, models: text, runs: text, out: text }, allowPositionals: true });
const [first = 0, last = 39] = (values.only ?? "").split("-").filter(Boolean).map(Number);
const models = (values.models ?? "plain,lagrangian-ode").split(",");
const runs = values.runs ?? `${folder}/rate.jsonl`;
const target = native({ contract: true, accuracy: "fast" });

for (let seed = first; seed <= last; seed++) {
  for (const peer of lagrangianOdePeers.filter(({ name }) => models.includes(name))) {
    if (trained().some((one) => one.model === peer.name && one.seed === seed)) continue;
    const ended = await trainPeer(peer, { sizes, seed, rate, marks: [sizes.steps], target });
    const { status, restarts, steps } = ended;
    const errors = ended.errors.get(sizes.steps) ?? {};
    const line: Trained = { model: peer.name, rate, seed, status, restarts, steps, errors };
    appendFileSync(runs, `${JSON.stringify(line)}\n`);
    console.error(`${peer.name} ${seed}: ${status}, ${restarts} restarts, x beyond ${errors["x beyond"]}`);
  }
}
write();

function trained(): readonly Trained[] {
  return jsonLines(runs) as readonly Trained[];
}

/** The errors by data set of each model at each rate. */
function errorsOf(): ReadonlyMap<string, Errors> {
  const outcomes = ["lagrangian-ode", "lagrangian-ode-peers"].flatMap((name) =>
    linesOf(`experiments/${name}/runs.jsonl`),
  );
  const compared = (part: string): Errors =>
    new Map(outcomes.filter((outcome) => outcome.part === part).map(({ seed, measures }) => [seed, measures]));
  const slower = (model: string): Errors =>
    new Map(
      trained()
        .filter((one) => one.model === model)
        .map(({ seed, errors }) => [seed, errors]),
    );
  return new Map([
    ["plain, 0.02", slower("plain")],
    ["plain, 0.07", compared("unregularised")],
    ["lagrangian-ode, 0.02", slower("lagrangian-ode")],
    ["lagrangian-ode, 0.07", compared("regularised")],
    ["mechanical-lagrangian, 0.02", compared("mechanical-lagrangian")],
  ]);
}

function write(): void {
  const all = errorsOf();
  const reference = all.get("plain, 0.02") as Errors;
  const rows = [...all].flatMap(([name, own]) =>
    measured.map((quantity) => {
      const pairs = [...reference].flatMap(([seed, errors]): [number, number][] => {
        const [mine, of] = [own.get(seed)?.[quantity], errors[quantity]];
        return Number.isFinite(mine) && Number.isFinite(of) ? [[mine as number, of as number]] : [];
      });
      if (pairs.length < 2) return { name, quantity, pairs: pairs.length };
      const compared = own === reference ? null : compareErrors(pairs);
      return { name, quantity, pairs: pairs.length, mean: geometricMean(pairs.map(([mine]) => mine)), compared };
    }),
  );
  const told = { ...environment("lagrangian-ode-peers", ["rate"]), target: target.name, sizes, rows };
  writeFileSync(values.out ?? `${folder}/rate.json`, `${JSON.stringify(told, null, 2)}\n`);
}
