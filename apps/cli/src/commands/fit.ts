/**
 * `fit DATA…`: read, say what was read, train, rank, calibrate, test once, write the run folder.
 *
 * The place of the run is checked before anything is computed. `run.json` is there from the start with the status
 * "running" and written again at the end; Ctrl-C stops the training at its next step, saves its state and writes what
 * there is. `--resume DIR` asks again what `run.json` says was asked, and goes on from the last checkpoint.
 */
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { FitOptions, Run, SavedState, Smoothing, Span } from "@leastaction/dynamics";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { controlled } from "../control-flags.ts";
import { isDatasetFile, type ReadData, readData } from "../data/read-data.ts";
import { diagnosisLines } from "../diagnosis-lines.ts";
import { examples } from "../examples.ts";
import { type FitThreads, fitInThreads } from "../fit-threads/fit-in-threads.ts";
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
import { quoted } from "../quoted.ts";
import { defaultIntervals } from "../run-folder/checkpoint-folder.ts";
import { expectSameData, openStoppedRun } from "../run-folder/open-stopped-run.ts";
import { type OutFolder, prepareOut } from "../run-folder/prepare-out.ts";
import { keepRun } from "../run-folder/run-keeper.ts";
import type { RunRecord } from "../run-folder/run-record.ts";
import { type FitRequest, startRecord } from "../run-folder/start-record.ts";
import { writeRunRecord } from "../run-folder/write-run-record.ts";
import {
  type ChosenTarget,
  chooseTarget,
  joinedRecord,
  type TargetName,
  type TargetRecord,
  targetNames,
} from "../target/choose-target.ts";
import { watchedTarget } from "../target/watched-target.ts";
import { expectSameModelFiles } from "../user-module/model-files.ts";
import { version } from "../version.ts";

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
  readonly resume?: string | undefined;
  readonly checkpointSeconds: number;
  readonly checkpointSteps?: number | undefined;
  readonly workers?: number | undefined;
  readonly explain?: true | undefined;
  readonly json?: true | undefined;
}

export function fitCommand(context: CommandContext): CommandUnknownOpts {
  return new Command("fit")
    .description("learns the law of motion in a table, and writes a run folder with a report")
    .argument("[data...]", "tables (files, folders or patterns, each file one recording), or a dataset.json")
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
    .option("--resume <dir>", "go on with a run that was stopped, to the end it would have had; alone")
    .option(
      "--checkpoint-seconds <s>",
      "save the state at least so often",
      positiveNumber("--checkpoint-seconds", "30"),
      defaultIntervals.seconds,
    )
    .option("--checkpoint-steps <n>", "and after so many optimiser steps", wholeNumber("--checkpoint-steps", 1))
    .option("--workers <n>", "members trained at once; by default as processors", wholeNumber("--workers", 1, 256))
    .option("--explain", "show where the time of the training step goes, kernel by kernel")
    .option("--json", "print one object on standard output")
    .addHelpText("before", opening)
    .action(async (data, flags: FitFlags, command) => {
      const isGiven = (name: string): boolean => command.getOptionValueSource(name) === "cli";
      const asked = flags.resume === undefined ? [] : Object.keys(flags).filter(isGiven);
      await (flags.resume === undefined
        ? fitNew(data, flags, context)
        : resume(flags.resume, data, asked, flags, context));
    });
}

async function fitNew(given: readonly string[], flags: FitFlags, context: CommandContext): Promise<void> {
  if (given.length === 0) {
    throw new CommandError(
      "Cannot understand the call: expected a value for DATA, got none",
      "Each `leastaction COMMAND --help` opens with three complete examples.",
    );
  }
  const { io } = context;
  const { column: columns = {}, missing = [], mean = 1, start = null, stop = null, hold = {}, delay = {} } = flags;
  const reading = { columns, missing, mean, start, stop, hold, delay };
  const ready = await prepare({ given, models: flags.model, reading, target: flags.target }, context);
  const { whole } = ready;
  const folder = await prepareOut({
    out: flags.out ?? null,
    force: flags.force === true,
    orElse: "write over the run there with --force",
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
  const begin = (): Promise<RunRecord> => startRecord(folder, ready.data, request, ready.chosen.record(), io.cwd);
  await complete(ready, { folder, request, begin, isResumed: false, flags }, context);
}

/** Flags that say how to watch and to save, not what to compute: they stand beside `--resume`. */
const besideResume: readonly string[] = [
  "resume",
  "checkpointSeconds",
  "checkpointSteps",
  "workers",
  "explain",
  "json",
];

async function resume(
  shown: string,
  given: readonly string[],
  asked: readonly string[],
  flags: FitFlags,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  const others = [...given, ...asked.filter((name) => !besideResume.includes(name)).map(flagOf)];
  if (others.length > 0) {
    throw new CommandError(
      `Cannot go on with ${shown}: expected nothing that was asked when it began, got ${others.join(" ")}`,
      "The run folder knows all of that: name it alone, or begin another run.",
    );
  }
  const stopped = await openStoppedRun(shown, io.cwd);
  if (stopped === null) {
    io.error.write(`${shown} is finished: there is nothing to go on with.\n`);
    return;
  }
  const { folder, record } = stopped;
  try {
    const { configuration, software, target } = record;
    if (software.leastaction !== version) {
      io.error.write(
        `${shown} was begun by leastaction ${software.leastaction}: the numbers of ${version} may differ.\n`,
      );
    }
    const { columns, missing, mean, start, stop, hold, delay } = configuration;
    const isKept = record.given.some(isDatasetFile);
    const own = { start, stop, hold, delay };
    const reading = isKept ? own : { ...own, columns, missing, mean };
    const models = configuration.models.join(",");
    const ready = await prepare({ given: record.given, models, reading, target: configuration.target }, context);
    expectSameData(shown, record, ready.data);
    await expectSameModelFiles(shown, record.modelFiles, io.cwd);
    if (ready.chosen.record().why !== target.why) {
      io.error.write(
        `Machine code was made otherwise before (${target.why}): sums may round differently from here on.\n`,
      );
    }
    const started: RunRecord = { ...record, status: "running", ended: null, result: null };
    const begin = async (): Promise<RunRecord> => {
      await writeRunRecord(folder.full, started);
      return started;
    };
    await complete(ready, { folder, request: configuration, begin, isResumed: true, flags }, context);
  } finally {
    folder.lock.release();
  }
}

function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** What is asked about data, models and the target. */
interface Question extends Pick<FitRequest, "target"> {
  readonly given: readonly string[];
  /** Names, with commas. */
  readonly models: string;
  readonly reading: Parameters<typeof readData>[1];
}

/** Everything that training needs, looked at and said before anything is written. */
interface Ready {
  readonly whole: ReadData;
  readonly data: ReadData;
  readonly models: Awaited<ReturnType<typeof modelsNamed>>;
  readonly chosen: ChosenTarget;
}

async function prepare(question: Question, { io }: CommandContext): Promise<Ready> {
  const models = await modelsNamed(question.models, io.cwd);
  const whole = await readData(question.given, question.reading, io);
  const { fitShares, splitUses, usedSpan } = await import("@leastaction/dynamics");
  const data = { ...whole, dataset: await controlled(usedSpan(whole.dataset, spanOf(whole)), whole, io) };
  io.error.write(`${splitUses(data.dataset, fitShares).lines.join("\n")}\n`);
  const chosen = await chooseTarget(question.target, (line) => io.error.write(line));
  io.error.write(chosen.line);
  return { whole, data, models, chosen };
}

/** A run that begins or goes on. */
interface Course {
  readonly folder: OutFolder;
  readonly request: FitRequest;
  /** Writes `run.json`. */
  readonly begin: () => Promise<RunRecord>;
  readonly isResumed: boolean;
  readonly flags: FitFlags;
}

/** Trains to the end, or to an interruption, and writes the folder. */
async function complete({ data, models, chosen }: Ready, course: Course, context: CommandContext): Promise<void> {
  const { io } = context;
  const { folder, request, flags } = course;
  const goOn = `Go on with: leastaction fit --resume ${quoted(folder.shown)}`;
  const interrupted = interruption(io, goOn);
  const threads = fitInThreads({
    // What is explained is measured in this thread.
    asked: flags.explain === true ? 1 : (flags.workers ?? null),
    models: request.models.join(","),
    cwd: io.cwd,
    target: request.target,
    say: (line) => io.error.write(line),
  });
  try {
    const started = await course.begin();
    const { target, report } = watchedTarget(chosen.target);
    const { signal } = interrupted;
    const options = { ...optionsOf(request), model: models, signal, target, workers: threads.workers };
    const run = await notingFailure(folder, started, train(data, course, options, started, context));
    const { finishRun } = await import("../run-folder/finish-run.ts");
    const ended = { ...started, target: targetOf(chosen, threads, course.isResumed) };
    const { text, json, problem } = await finishRun(run, data, folder, ended, interrupted.happened());
    io.error.write(flags.explain === true ? `${text}\n${report()}` : text);
    if (interrupted.happened()) io.error.write(`${goOn}\n`);
    if (flags.json === true) io.out.write(`${JSON.stringify(json)}\n`);
    if (problem !== null) throw problem;
    context.status = interrupted.status();
  } finally {
    threads.end();
    interrupted.end();
    folder.lock.release();
  }
}

/** Where programs ran: those that the earlier process moved to machine code are not known, so some may have been. */
function targetOf({ target, record }: ChosenTarget, threads: FitThreads, isResumed: boolean): TargetRecord {
  const now = joinedRecord([record(), ...threads.records()]);
  return isResumed && target.name === "wasm, then native" ? { ...now, used: target.name } : now;
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
  { folder, isResumed, flags }: Course,
  options: FitOptions,
  started: RunRecord,
  { io }: CommandContext,
): Promise<Run> {
  const { fit } = await import("@leastaction/dynamics");
  const progress = progressLine(io);
  const say = (text: string): void => void io.error.write(text);
  const intervals = { seconds: flags.checkpointSeconds, steps: flags.checkpointSteps ?? defaultIntervals.steps };
  const keeper = await keepRun(folder, started, { intervals, isResumed, say });
  const { checkpoints } = keeper;
  if (isResumed) say(goingOn(folder.shown, checkpoints.last));
  const training = fit(dataset, {
    ...options,
    checkpoints,
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

function goingOn(shown: string, last: SavedState | null): string {
  if (last === null) return `${shown} has no checkpoint yet: it begins again.\n`;
  return `Going on with ${shown} after ${String(last.facts.steps)} steps.\n`;
}

/** What `work` gives, after `end` has run, however it ended. */
async function ended<T>(work: Promise<T>, end: () => Promise<void>): Promise<T> {
  try {
    return await work;
  } finally {
    await end();
  }
}
