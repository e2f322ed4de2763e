/**
 * A reproduction from beginning to end: the trainings that are asked for and not done yet, one after another, and after
 * each of them the table, the figures and the page of everything in the folder.
 */
import path from "node:path";
import type { Experiment, ExperimentRequest } from "@leastaction/dynamics";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { exitStatus } from "../exit-status.ts";
import { interruption } from "../interruption.ts";
import { progressLine } from "../progress.ts";
import { defaultIntervals } from "../run-folder/checkpoint-folder.ts";
import { type ChosenTarget, chooseTarget, type TargetName } from "../target/choose-target.ts";
import { writeWhole } from "../write-file.ts";
import { wordNamed } from "./experiment-by-name.ts";
import { experimentFigures } from "./experiment-figures.ts";
import {
  type ExperimentFolder,
  newExperimentFolder,
  openExperimentFolder,
  readOutcomes,
  trainingName,
} from "./experiment-folder.ts";
import { experimentReport } from "./experiment-report.ts";
import { type ExperimentResults, resultsOf } from "./results.ts";
import { resultsText } from "./results-text.ts";
import { trainOne } from "./train-one.ts";

/** What a call asks for. */
export interface ReproduceFlags {
  readonly quick?: true | undefined;
  readonly only?: string | undefined;
  readonly seed?: number | undefined;
  readonly seeds?: number | undefined;
  readonly control?: string | undefined;
  readonly out?: string | undefined;
  readonly resume?: true | undefined;
  readonly checkpointSeconds: number;
  readonly target: TargetName;
  readonly json?: true | undefined;
}

/**
 * Trains, writes and prints.
 * Errors (status 2): words that the experiment does not have, a folder that holds something else; (6) a training that
 * another process is at. Status 8: a row does not keep to its bar.
 */
export async function runExperiment(
  experiment: Experiment,
  flags: ReproduceFlags,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  const requests = requestsOf(experiment, flags);
  const chosen = await chooseTarget(flags.target, (line) => io.error.write(line));
  io.error.write(chosen.line);
  const folder = await folderOf(experiment, flags, io.cwd);
  const goOn = `Go on with: ${goOnCall(experiment, flags, folder)}`;
  const interrupted = interruption(io, goOn);
  try {
    const isWhole = await trainAll(
      experiment,
      requests,
      { folder, flags, signal: interrupted.signal, chosen },
      context,
    );
    const results = await writeResults(experiment, folder);
    (flags.json === true ? io.error : io.out).write(resultsText(results));
    io.error.write(`${folder.shown}: results.json, report.html, figures\n`);
    if (!isWhole) io.error.write(`${goOn}\n`);
    if (flags.json === true) io.out.write(`${JSON.stringify(results)}\n`);
    context.status = isWhole && !results.holds ? exitStatus.missed : interrupted.status();
  } finally {
    interrupted.end();
  }
}

/** The trainings that are asked for, seed by seed. Errors: a part or a control that the experiment does not have. */
function requestsOf(experiment: Experiment, flags: ReproduceFlags): readonly ExperimentRequest[] {
  const { parts, controls, name } = experiment;
  const form = flags.quick === true ? "quick" : "full";
  const otherwise = "`leastaction reproduce` lists what each experiment has.";
  const wanted = flags.only?.split(",").map((word) => wordNamed(`part of ${name}`, word, parts, otherwise)) ?? parts;
  const { control = null } = flags;
  if (control !== null) wordNamed(`control of ${name}`, control, controls, otherwise);
  const { seed, seeds = seed === undefined ? experiment.seeds[form] : 1 } = flags;
  const numbers = Array.from({ length: seeds }, (_, k) => (seed ?? 0) + k);
  return numbers.flatMap((seed) => wanted.map((part) => ({ part: part.name, form, seed, control }) as const));
}

async function folderOf(experiment: Experiment, flags: ReproduceFlags, cwd: string): Promise<ExperimentFolder> {
  const { quick, control = null, out = null, resume } = flags;
  const identity = { experiment: experiment.name, form: quick === true ? "quick" : "full", control } as const;
  if (resume !== true) return newExperimentFolder(identity, out, cwd);
  if (out !== null) return openExperimentFolder(identity, out, cwd);
  throw new CommandError(
    "Cannot use --resume: expected the folder to go on with, got no --out",
    "Name it with --out DIR.",
  );
}

function goOnCall({ name }: Experiment, flags: ReproduceFlags, { shown }: ExperimentFolder): string {
  const { quick, only, seed, seeds, control, target } = flags;
  const words = [
    quick === true ? "--quick" : "",
    only === undefined ? "" : `--only ${only}`,
    seed === undefined ? "" : `--seed ${seed}`,
    seeds === undefined ? "" : `--seeds ${seeds}`,
    control === undefined ? "" : `--control ${control}`,
    target === "auto" ? "" : `--target ${target}`,
  ];
  return ["leastaction reproduce", name, ...words.filter((word) => word !== ""), `--out ${shown}`, "--resume"].join(
    " ",
  );
}

interface Course {
  readonly folder: ExperimentFolder;
  readonly flags: ReproduceFlags;
  readonly signal: AbortSignal;
  readonly chosen: ChosenTarget;
}

/** Trains what is not done yet; false when it was interrupted. The results are written after each training. */
async function trainAll(
  experiment: Experiment,
  requests: readonly ExperimentRequest[],
  { folder, flags, signal, chosen }: Course,
  { io }: CommandContext,
): Promise<boolean> {
  const done = new Set((await readOutcomes(folder, experiment)).map(({ outcome }) => trainingName(outcome)));
  const left = requests.filter((request) => !done.has(trainingName(request)));
  const progress = progressLine(io);
  try {
    for (const [index, request] of left.entries()) {
      const doing = `${request.part}, seed ${request.seed}`;
      const outcome = await trainOne(experiment, request, {
        folder,
        target: chosen.target,
        ranOn: () => chosen.record().used,
        signal,
        say: (text) => io.error.write(text),
        intervals: { ...defaultIntervals, seconds: flags.checkpointSeconds },
        onProgress: (fraction, loss) => {
          progress.show({ fraction: (index + fraction) / left.length, doing, member: doing, loss });
        },
      });
      if (outcome === null) return false;
      await writeResults(experiment, folder);
      // A training that was at its end when it was interrupted has not stopped for it.
      if (signal.aborted) return index === left.length - 1;
    }
  } finally {
    progress.end();
  }
  return true;
}

/** Writes `results.json`, `report.html` and the figures, from all outcomes in the folder. */
async function writeResults(experiment: Experiment, folder: ExperimentFolder): Promise<ExperimentResults> {
  const kept = await readOutcomes(folder, experiment);
  const results = resultsOf(experiment, folder, kept);
  const figures = experimentFigures(experiment.figures(kept.map(({ outcome }) => outcome)));
  const write = (name: string, text: string): Promise<void> => writeWhole(path.join(folder.full, name), text);
  await write("results.json", `${JSON.stringify(results, null, 2)}\n`);
  await write("report.html", experimentReport(results, figures));
  for (const { name, svg } of figures) await write(`figures/${name}.svg`, svg);
  return results;
}
