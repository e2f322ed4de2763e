/**
 * `npm run build && node experiments/dist/stopped-runs/cost.js [--seconds 20] [--out FILE]`
 *
 * What checkpoints cost a training, by the program's own folder of checkpoints on this machine's disk: the time of one,
 * and of the offers that are not taken, as a share of the training at the default interval.
 */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import {
  type Checkpoints,
  chooseSampling,
  datasetFacts,
  derivativeObjective,
  neuralOde,
  prepareSegments,
  simulate,
  splitUses,
  systemNamed,
  trainingSamples,
  trainModel,
} from "@leastaction/dynamics";
import { environment } from "../environment.ts";

interface CheckpointFolder {
  readonly defaultIntervals: { readonly seconds: number; readonly steps: number };
  readonly checkpointFolder: (folder: string, options: unknown) => Checkpoints;
}

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    out: { type: "string", default: "experiments/stopped-runs/cost.json" },
  },
});
/** s between two of the measured checkpoints. */
const every = 1;
/** Of the time between two checkpoints, the folder lets writing take at most this share: large states come less often. */
const largestShare = 0.005;
const networks: Readonly<Record<string, readonly number[]>> = { small: [32, 32], large: [512, 512, 512] };

const built = pathToFileURL(path.resolve("apps/cli/dist/run-folder/checkpoint-folder.js")).href;
const { checkpointFolder, defaultIntervals } = (await import(built)) as CheckpointFolder;
const { dataset } = simulate(systemNamed("pendulum"), { seed: 2, trajectories: 4, duration: 8, samples: 200 });
const { segments: pieces } = splitUses(dataset).train;
const segments = prepareSegments(dataset, pieces, chooseSampling(dataset, pieces));
const facts = datasetFacts(dataset, segments);
const samples = trainingSamples(dataset, segments);

/** A training of some seconds that saves in each of them. */
async function costOf(hidden: readonly number[]) {
  const folder = mkdtempSync(path.join(tmpdir(), "leastaction-cost-"));
  const inner = checkpointFolder(folder, {
    intervals: defaultIntervals,
    from: { last: null, newest: 0 },
    metrics: () => () => Promise.resolve(0),
    attempt: (write: () => Promise<void>) => write().then(() => true),
  });
  const saves: number[] = [];
  let offered = 0;
  let last = performance.now();
  const offer: Checkpoints["offer"] = async (state, at) => {
    let taken = false;
    const begin = performance.now();
    // As at an interruption, which the folder always saves at: enough of them to measure.
    const now = begin - last > 1000 * every;
    await inner.offer(
      () => {
        taken = true;
        return state();
      },
      { ...at, now },
    );
    if (now) last = performance.now();
    const ms = performance.now() - begin;
    if (taken) saves.push(ms);
    else offered += ms;
  };
  const model = neuralOde({ hidden });
  const begin = performance.now();
  const { steps } = await trainModel({
    objective: derivativeObjective({ model, facts, samples }),
    parameters: model.init(0, facts, samples),
    steps: 1e7,
    timeBudget: Number(values.seconds),
    checkpoints: { last: null, offer },
  });
  const ms = performance.now() - begin;
  const written = path.join(folder, "checkpoints");
  const bytes = statSync(path.join(written, readdirSync(written)[0] as string)).size;
  rmSync(folder, { recursive: true, force: true });
  const save = saves.sort((a, b) => a - b)[saves.length >> 1] as number;
  const interval = Math.max(1000 * defaultIntervals.seconds, save / largestShare);
  return { hidden, steps, bytes, saves: saves.length, saveMs: save, share: save / (save + interval) + offered / ms };
}

const result: Record<string, unknown> = {};
for (const [name, hidden] of Object.entries(networks)) result[name] = await costOf(hidden);
const told = { ...environment("stopped-runs"), command: "node experiments/dist/stopped-runs/cost.js" };
writeFileSync(values.out, `${JSON.stringify({ ...told, interval: defaultIntervals.seconds, ...result }, null, 2)}\n`);
console.log(JSON.stringify(result, null, 2));
