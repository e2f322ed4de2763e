/**
 * `fit DATA…`: read, say what was read, train, rank, calibrate, test once, write the run folder.
 *
 * The place of the run is checked before anything is computed. `run.json` is there from the start with the status
 * "running" and written again at the end; Ctrl-C stops the training at its next step and writes what there is.
 */
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { FitOptions, Run, Smoothing, Span } from "@leastaction/dynamics";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { controlled } from "../control-flags.ts";
import { type ReadData, readData } from "../data/read-data.ts";
import { diagnosisLines } from "../diagnosis-lines.ts";
import { examples } from "../examples.ts";
import { interruption } from "../interruption.ts";
import { modelsNamed } from "../model-by-name.ts";
import {
  assignment,
  choice,
  missingCodes,
  positiveNumber,
  startTime,
  stopTime,
  wholeNumber,
} from "../option-values.ts";
import { progressLine } from "../progress.ts";
import { defaultIntervals } from "../run-folder/checkpoint-folder.ts";
import { type OutFolder, prepareOut } from "../run-folder/prepare-out.ts";
import { keepRun } from "../run-folder/run-keeper.ts";
import type { RunRecord } from "../run-folder/run-record.ts";
import { type FitRequest, startRecord } from "../run-folder/start-record.ts";
import { writeRunRecord } from "../run-folder/write-run-record.ts";
import { chooseTarget, type TargetName, targetNames } from "../target/choose-target.ts";
import { watchedTarget } from "../target/watched-target.ts";

const opening = examples(
  "fit examples/multiarm-pendulum/single.csv",
  "fit 'rig/*.csv' --column enc=angle:deg --column mot=control:V --delay mot=fit --out runs/rig",
  "fit pendulum.csv --model ./my-model.js,dissipative-hamiltonian --time-budget 60 --json",
);

/** Those of the library, which is not loaded for a mere `--help`; its type keeps them equal. */
const smoothingNames: readonly Smoothing[] = ["spline", "polynomial", "none"];

interface FitFlags {
  readonly model: string;
  readonly seed: number;
  readonly seeds: number;
  readonly steps?: number | undefined;
  readonly timeBudget?: number | undefined;
  readonly out?: string | undefined;
  readonly force?: true | undefined;
  readonly column?: Readonly<Record<string, string>> | undefined;
  readonly missing?: readonly string[] | undefined;
  readonly mean?: number | undefined;
  readonly hold?: Readonly<Record<string, string>> | undefined;
  readonly delay?: Readonly<Record<string, string>> | undefined;
  readonly start?: "trigger" | number | undefined;
  readonly stop?: number | undefined;
  readonly rate?: number | undefined;
  readonly smooth?: Smoothing | undefined;
  readonly target: TargetName;
  readonly explain?: true | undefined;
  readonly json?: true | undefined;
}

export function fitCommand(context: CommandContext): CommandUnknownOpts {
  return new Command("fit")
    .description("learns the law of motion in a table, and writes a run folder with a report")
    .argument("<data...>", "tables (files, folders or patterns, each file one recording), or a dataset.json")
    .option("--model <names>", "models by name, files of your own, or auto for all that suit", "auto")
    .option("--seed <n>", "first seed", wholeNumber("--seed", 0), 0)
    .option("--seeds <k>", "how many seeds of each network", wholeNumber("--seeds", 1, 10_000), 1)
    .option("--steps <n>", "optimiser steps of each member", wholeNumber("--steps", 1))
    .option("--time-budget <s>", "end training after so many seconds", positiveNumber("--time-budget", "60"))
    .option("--out <dir>", "the run folder (runs/NAME-1, -2, …)")
    .option("--force", "write over a run that is there")
    .option("--column <name=role:unit>", "what a column is; may be repeated", assignment("--column", "enc=angle:deg"))
    .option("--missing <codes>", "numbers or words that stand for a missing value: -999,ERR", missingCodes)
    .option("--mean <n>", "keep the mean of every n rows: for tables larger than the memory", wholeNumber("--mean", 1))
    .option("--start <t>", "use recordings from t seconds on, or from trigger, which then is t = 0", startTime)
    .option("--stop <t>", "use recordings up to t seconds", stopTime)
    .option("--rate <hz>", "samples per second to work at; by rule when not stated", positiveNumber("--rate", "100"))
    .option(
      "--smooth <name>",
      `how positions become velocities: ${smoothingNames.join(", ")}`,
      choice("--smooth", smoothingNames),
    )
    .option(
      "--hold <name=word>",
      "between samples a control is zero (held) or linear",
      assignment("--hold", "mot=linear"),
    )
    .option("--delay <name=time>", "how late a control acts: a time, or fit", assignment("--delay", "mot=20ms"))
    .option("--target <name>", `where programs run: ${targetNames.join(", ")}`, choice("--target", targetNames), "auto")
    .option("--explain", "show where the time of the training step goes, kernel by kernel")
    .option("--json", "print one object on standard output")
    .addHelpText("before", opening)
    .action((data, flags: FitFlags) => fitAction(data, flags, context));
}

async function fitAction(given: readonly string[], flags: FitFlags, context: CommandContext): Promise<void> {
  const { io } = context;
  const models = await modelsNamed(flags.model, io.cwd);
  const { column = {}, missing = [], mean = 1, start = null, stop = null, hold = {}, delay = {} } = flags;
  const whole = await readData(given, { columns: column, missing, mean, start, stop, hold, delay }, io);
  const { fitShares, splitUses, usedSpan } = await import("@leastaction/dynamics");
  const data = { ...whole, dataset: await controlled(usedSpan(whole.dataset, spanOf(whole)), whole, io) };
  io.error.write(`${splitUses(data.dataset, fitShares).lines.join("\n")}\n`);
  const chosen = await chooseTarget(flags.target, (line) => io.error.write(line));
  io.error.write(chosen.line);
  const watched = watchedTarget(chosen.target);
  const folder = await prepareOut({
    out: flags.out ?? null,
    force: flags.force === true,
    data: given[0] ?? "",
    cwd: io.cwd,
  });
  const request: FitRequest = {
    models: flags.model.split(","),
    seed: flags.seed,
    seedCount: flags.seeds,
    steps: flags.steps ?? null,
    timeBudget: flags.timeBudget ?? null,
    columns: whole.columns,
    missing: whole.missing,
    mean: whole.mean,
    start: whole.start,
    stop: whole.stop,
    rate: flags.rate ?? null,
    smooth: flags.smooth ?? null,
    hold: whole.hold,
    delay: whole.delay,
    target: flags.target,
  };
  const interrupted = interruption(io, "");
  try {
    const started = await startRecord(folder, data, request, chosen.record());
    const { target, report } = watched;
    const options = { ...optionsOf(request), model: models, signal: interrupted.signal, target };
    const run = await notingFailure(folder, started, train(data, folder, options, started, context));
    const { finishRun } = await import("../run-folder/finish-run.ts");
    const ended = { ...started, target: chosen.record() };
    const { text, json, problem } = await finishRun(run, data, folder, ended, interrupted.happened());
    io.error.write(flags.explain === true ? `${text}\n${report()}` : text);
    if (flags.json === true) io.out.write(`${JSON.stringify(json)}\n`);
    if (problem !== null) throw problem;
    context.status = interrupted.status();
  } finally {
    interrupted.end();
    folder.lock.release();
  }
}

/** What `training` gives; `run.json` says so where it fails. */
async function notingFailure(folder: OutFolder, started: RunRecord, training: Promise<Run>): Promise<Run> {
  try {
    return await training;
  } catch (error) {
    // Where that cannot be written either, the first error is the one to hear of.
    const failed: RunRecord = { ...started, status: "failed", ended: new Date().toISOString() };
    await writeRunRecord(folder.full, failed).catch(() => {});
    throw error;
  }
}

function spanOf({ start, stop }: ReadData): Span {
  return { start: start ?? undefined, stop: stop ?? undefined };
}

function optionsOf({ seed, seedCount, steps, timeBudget, rate, smooth }: FitRequest): FitOptions {
  return {
    seed,
    seeds: seedCount,
    ...(steps === null ? {} : { steps }),
    ...(timeBudget === null ? {} : { timeBudget }),
    ...(rate === null ? {} : { rate }),
    ...(smooth === null ? {} : { smooth }),
  };
}

async function train(
  { dataset }: ReadData,
  folder: OutFolder,
  options: FitOptions,
  started: RunRecord,
  { io }: CommandContext,
): Promise<Run> {
  const { fit } = await import("@leastaction/dynamics");
  const progress = progressLine(io);
  const say = (text: string): void => void io.error.write(text);
  const keeper = await keepRun(folder, started, { intervals: defaultIntervals, isResumed: false, say });
  const training = fit(dataset, {
    ...options,
    onProgress: ({ fraction, phase, model, seed, step, steps, loss, elapsed }) => {
      const purpose = phase === "train" ? "" : `${phase}: `;
      const doing = `${purpose}${model}, seed ${seed}, step ${step} of ${steps}`;
      progress.show({ fraction, doing, member: `${phase} ${model} ${seed}`, loss });
      keeper.metrics.add({ phase, model, seed, step, loss, elapsed: Math.round(elapsed * 1000) / 1000 });
    },
  });
  const run = await ended(training, async () => {
    progress.end();
    await keeper.end();
  });
  if (Number.isFinite(run.winner.select)) return run;
  for (const line of diagnosisLines(run)) io.error.write(line);
  throw new CommandError(
    `Cannot fit ${dataset.name}: expected a model whose forecast stays finite, got none (${run.ranking.map(({ model }) => model).join(", ")})`,
    "Check the reading above (units, roles), try --model linear-state-space, or another --seed.",
    "no-finite-model",
  );
}

/** What `work` gives, after `end` has run, however it ended. */
async function ended<T>(work: Promise<T>, end: () => Promise<void>): Promise<T> {
  try {
    return await work;
  } finally {
    await end();
  }
}
