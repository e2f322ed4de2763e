/** `diagnose DATA… | RUN | system:NAME`: does a Lagrangian exist, with or without time, and is something lost? */
import { stat } from "node:fs/promises";
import path from "node:path";
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { DiagnoseMotionOptions, MotionDiagnosis } from "@leastaction/dynamics";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { controlled } from "../control-flags.ts";
import { readData } from "../data/read-data.ts";
import { examples } from "../examples.ts";
import { interruption } from "../interruption.ts";
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
import { expectSameData } from "../run-folder/open-stopped-run.ts";
import { chooseTarget, type TargetName, targetNames } from "../target/choose-target.ts";
import { constantsOf } from "./simulate.ts";
import { systemByName } from "./systems.ts";

const opening = examples(
  "diagnose examples/multiarm-pendulum/single.csv",
  "diagnose system:double-pendulum --set damping=0.1 --out diagnosis",
  "diagnose runs/pendulum-1 --json",
);

/** s, reading and drawing not counted. */
const usualBudget = 45;

interface DiagnoseFlags {
  readonly seed: number;
  readonly steps?: number | undefined;
  readonly timeBudget: number;
  readonly out?: string | undefined;
  readonly set?: Readonly<Record<string, string>> | undefined;
  readonly column?: Readonly<Record<string, string>> | undefined;
  readonly missing?: readonly string[] | undefined;
  readonly mean?: number | undefined;
  readonly start?: "trigger" | number | undefined;
  readonly stop?: number | undefined;
  readonly target: TargetName;
  readonly json?: true | undefined;
}

export function diagnoseCommand(context: CommandContext): CommandUnknownOpts {
  return new Command("diagnose")
    .description("asks whether a motion can be that of a Lagrangian, and whether it dissipates")
    .argument("<what...>", "tables (files, folders or patterns), a dataset.json, the folder of a run, or system:NAME")
    .option("--seed <n>", "seed of the fits, and of the motions of a system", wholeNumber("--seed", 0), 0)
    .option("--steps <n>", "most steps of each fitted metric (3000)", wholeNumber("--steps", 1))
    .option(
      "--time-budget <s>",
      "end the fits after so many seconds",
      positiveNumber("--time-budget", "45"),
      usualBudget,
    )
    .option("--out <dir>", "write diagnosis.json and report.html there")
    .option("--set <name=value>", "a constant of the system; may be repeated", assignment("--set", "damping=0.1"))
    .option("--column <name=role:unit>", "what a column is; may be repeated", assignment("--column", "enc=angle:deg"))
    .option("--missing <codes>", "numbers or words that stand for a missing value: -999,ERR", missingCodes)
    .option("--mean <n>", "keep the mean of every n rows: for tables larger than the memory", wholeNumber("--mean", 1))
    .option("--start <t>", "use recordings from t seconds on, or from trigger", startTime)
    .option("--stop <t>", "use recordings up to t seconds", stopTime)
    .option("--target <name>", `where programs run: ${targetNames.join(", ")}`, choice("--target", targetNames), "auto")
    .option("--json", "print one object on standard output")
    .addHelpText("before", opening)
    .action((what, flags: DiagnoseFlags) => diagnoseAction(what, flags, context));
}

/** A diagnosis, and the lines of what was read. */
interface Asked {
  readonly run: (options: DiagnoseMotionOptions) => Promise<MotionDiagnosis>;
}

async function diagnoseAction(what: readonly string[], flags: DiagnoseFlags, context: CommandContext): Promise<void> {
  const { io } = context;
  if (flags.out !== undefined) await expectOut(flags.out, io.cwd);
  const chosen = await chooseTarget(flags.target, (line) => io.error.write(line));
  const { run } = await questionOf(what, flags, context, chosen.target);
  const interrupted = interruption(io, "The verdicts will be of what was fitted so far.");
  const progress = progressLine(io);
  try {
    const diagnosis = await run({
      seed: flags.seed,
      steps: flags.steps,
      timeBudget: flags.timeBudget,
      signal: interrupted.signal,
      target: chosen.target,
      onProgress: ({ doing, fraction, loss }) =>
        progress.show({ doing, fraction, member: doing, loss: Number.isNaN(loss) ? null : loss }),
    });
    progress.end();
    const { diagnosisText } = await import("../diagnose/diagnosis-text.ts");
    (flags.json === true ? io.error : io.out).write(diagnosisText(diagnosis));
    if (flags.out !== undefined) await writeOut(path.resolve(io.cwd, flags.out), diagnosis, callOf(what, flags));
    if (flags.json === true) io.out.write(`${JSON.stringify(diagnosis)}\n`);
    context.status = interrupted.status();
  } finally {
    progress.end();
    interrupted.end();
  }
}

type Target = Awaited<ReturnType<typeof chooseTarget>>["target"];

async function questionOf(
  what: readonly string[],
  flags: DiagnoseFlags,
  context: CommandContext,
  target: Target,
): Promise<Asked> {
  const [first = "", ...more] = what;
  const { diagnoseSystem } = await import("@leastaction/dynamics");
  if (first.startsWith("system:")) {
    if (more.length > 0) throw alone(first, more);
    const system = await systemByName(first.slice("system:".length));
    const parameters = flags.set === undefined ? {} : constantsOf(system, flags.set);
    return { run: (options) => diagnoseSystem(system, { ...options, parameters }) };
  }
  if (flags.set !== undefined) {
    throw new CommandError(
      `Cannot use --set: expected system:NAME, got ${first}`,
      "Write, for example, system:double-pendulum --set damping=0.1.",
    );
  }
  const isFolder = (await stat(path.join(path.resolve(context.io.cwd, first), "run.json")).catch(() => null)) !== null;
  if (!isFolder) return dataQuestion(what, flags, context);
  if (more.length > 0) throw alone(first, more);
  return runQuestion(first, flags, context, target);
}

/** The data that a call names. */
async function dataQuestion(what: readonly string[], flags: DiagnoseFlags, { io }: CommandContext): Promise<Asked> {
  const { column: columns = {}, missing = [], mean = 1, start = null, stop = null } = flags;
  const data = await readData(what, { columns, missing, mean, start, stop }, io);
  const { diagnoseData, usedSpan } = await import("@leastaction/dynamics");
  const span = { start: data.start ?? undefined, stop: data.stop ?? undefined };
  const dataset = await controlled(usedSpan(data.dataset, span), data, io);
  return { run: (options) => diagnoseData(dataset, options) };
}

/** The model of a run, on the data that it was fitted to. */
async function runQuestion(
  folder: string,
  flags: DiagnoseFlags,
  { io }: CommandContext,
  target: Target,
): Promise<Asked> {
  const given = [flags.column, flags.missing, flags.mean, flags.start, flags.stop].some((flag) => flag !== undefined);
  if (given) {
    throw new CommandError(
      `Cannot diagnose ${folder}: expected no flags about columns and times beside a run, got some`,
      "A run knows how its data was read; name the data instead to read it in another way.",
    );
  }
  const { openRun } = await import("../run-folder/open-run.ts");
  const { model, record } = await openRun(folder, io.cwd, target);
  if (record === null) {
    throw new CommandError(
      `Cannot diagnose ${folder}: expected a run with its run.json, got a model alone`,
      "Name the folder that fit has written, or the data.",
      "unusable-run",
    );
  }
  const { columns, missing, mean, start, stop, hold, delay } = record.configuration;
  const isKept = record.given.some((name) => /\.json$/i.test(name));
  const reading = isKept ? { start, stop, hold, delay } : { columns, missing, mean, start, stop, hold, delay };
  const data = await readData(record.given, reading, io);
  expectSameData(folder, record, data);
  const { diagnoseData, usedSpan } = await import("@leastaction/dynamics");
  const span = { start: data.start ?? undefined, stop: data.stop ?? undefined };
  const dataset = usedSpan(data.dataset, span);
  return { run: (options) => diagnoseData(dataset, { ...options, model }) };
}

/** Before anything is computed. Errors: a run, whose report would be lost (status 2); a place that cannot be written (2, 5). */
async function expectOut(shown: string, cwd: string): Promise<void> {
  const folder = path.resolve(cwd, shown);
  if ((await stat(path.join(folder, "run.json")).catch(() => null)) !== null) {
    throw new CommandError(
      `Cannot write to ${shown}: expected a folder for the diagnosis alone, got a run, whose report.html would be lost`,
      `Choose another --out, for example ${path.join(shown, "diagnosis")}.`,
    );
  }
  const { expectWritable } = await import("../write-file.ts");
  await expectWritable(folder);
}

async function writeOut(folder: string, diagnosis: MotionDiagnosis, command: string): Promise<void> {
  const { writeWhole } = await import("../write-file.ts");
  const { diagnosisReport } = await import("../diagnose/diagnosis-report.ts");
  await writeWhole(path.join(folder, "diagnosis.json"), `${JSON.stringify(diagnosis, null, 1)}\n`);
  await writeWhole(path.join(folder, "report.html"), diagnosisReport(diagnosis, { command }));
}

/** The call that gives the same again, as a shell reads it. */
function callOf(what: readonly string[], flags: DiagnoseFlags): string {
  const { seed, steps, timeBudget, set = {}, column = {}, missing, mean, start, stop, target } = flags;
  const pairs = (flag: string, values: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(values).flatMap(([name, value]) => [`--${flag}`, `${name}=${value}`]);
  const one = (flag: string, value: unknown): readonly string[] =>
    value === undefined ? [] : [`--${flag}`, String(value)];
  const words = [
    ...what,
    ...pairs("set", set),
    ...pairs("column", column),
    ...one("missing", missing?.join(",")),
    ...one("mean", mean),
    ...one("start", start),
    ...one("stop", stop),
    ...one("seed", seed),
    ...one("steps", steps),
    ...one("time-budget", timeBudget === usualBudget ? undefined : timeBudget),
    ...one("target", target === "auto" ? undefined : target),
  ];
  return ["leastaction diagnose", ...words.map(quoted)].join(" ");
}

function alone(first: string, more: readonly string[]): CommandError {
  return new CommandError(
    `Cannot diagnose ${first}: expected it alone, got ${more.join(" ")} beside it`,
    "Diagnose a run or a system by itself; only tables go together.",
  );
}
