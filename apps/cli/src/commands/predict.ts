/**
 * `predict RUN`: forecasts from data or from a stated start, as a table in the user's names and units.
 *
 * From data, each state is estimated on the first `--observe` seconds of a trajectory's positions; its later
 * measurements are not looked at, only its times and controls. The data is read as the training data was.
 */
import path from "node:path";
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Dataset, Forecast, TrainedModel } from "@leastaction/dynamics";
import { didYouMean } from "@leastaction/dynamics/nearest-name";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { sayControls } from "../control-flags.ts";
import { isDatasetFile, readData } from "../data/read-data.ts";
import { readInput, wholeInput } from "../data/read-input.ts";
import { examples } from "../examples.ts";
import { parseStart } from "../forecast/parse-start.ts";
import { readControls } from "../forecast/read-controls.ts";
import type { Io } from "../io.ts";
import { assignment, choice, fraction, missingCodes, positiveNumber, startTime, stopTime } from "../option-values.ts";
import { type OpenRun, openRun } from "../run-folder/open-run.ts";
import { chooseTarget, type TargetName, targetNames } from "../target/choose-target.ts";
import { writeWhole } from "../write-file.ts";

const opening = examples(
  "predict runs/pendulum-1 --data pendulum.csv --observe 0.5 --out forecast.csv",
  "predict runs/single-1 --data examples/multiarm-pendulum/single.csv --split vad --observe 0.5 --out vad.csv",
  'predict runs/rig-1 --from "enc=40,enc_rate=0" --until 10 --every 0.01 --out swing.csv',
);

interface PredictOptions {
  readonly data?: readonly string[] | undefined;
  readonly split?: string | undefined;
  readonly observe?: number | undefined;
  readonly from?: string | undefined;
  readonly until?: number | undefined;
  readonly every?: number | undefined;
  readonly controls?: string | undefined;
  readonly column?: Readonly<Record<string, string>> | undefined;
  readonly missing?: readonly string[] | undefined;
  readonly start?: "trigger" | number | undefined;
  readonly stop?: number | undefined;
  readonly level: number;
  readonly target: TargetName;
  readonly out: string;
}

export function predictCommand({ io }: CommandContext): CommandUnknownOpts {
  return new Command("predict")
    .description("forecasts with what a run has learned, from data or from a stated start")
    .argument("<run>", "a folder that fit has written")
    .requiredOption("--out <file>", "the table to write")
    .option("--data <data...>", "files, folders or patterns of recordings to forecast, each over its whole length")
    .option("--split <name>", "only recordings with this word in the split column")
    .option("--observe <s>", "seconds that each start is estimated on", positiveNumber("--observe", "0.5"))
    .option("--from <values>", 'a start in your names and units: "enc=40,enc_rate=0"')
    .option("--until <t>", "forecast until then, in seconds", positiveNumber("--until", "10"))
    .option("--every <dt>", "seconds between rows, with --from", positiveNumber("--every", "0.01"))
    .option("--controls <file>", "a table of controls over t, with --from")
    .option(
      "--column <name=role:unit>",
      "how a column of the data is to be read",
      assignment("--column", "enc=angle:deg"),
    )
    .option(
      "--missing <codes>",
      "numbers or words that stand for a missing value; as in fit if not stated",
      missingCodes,
    )
    .option(
      "--start <t>",
      "begin with t seconds of each recording, or with trigger; as in fit if not stated",
      startTime,
    )
    .option("--stop <t>", "end with t seconds of each recording", stopTime)
    .option("--level <p>", "what the band is to cover", fraction("--level", "0.9"), 0.9)
    .option("--target <name>", `where programs run: ${targetNames.join(", ")}`, choice("--target", targetNames), "auto")
    .addHelpText("before", opening)
    .action(async (folder, options: PredictOptions) => {
      expectOneSource(options);
      const { target, line } = await chooseTarget(options.target, (words) => io.error.write(words));
      const run = await openRun(folder, io.cwd, target);
      io.error.write(line);
      const { header, forecasts } =
        options.data === undefined
          ? await fromStart(run.model, options, io)
          : await fromData(run, options.data, options, io);
      const { forecastTable } = await import("../forecast/forecast-table.ts");
      await writeWhole(path.resolve(io.cwd, options.out), forecastTable(header, forecasts));
      io.error.write(summary(options, run.model, forecasts));
    });
}

/** Rows of a forecast from a stated start: a table with more is no text any more. */
const mostRows = 5e6;

interface Forecasts {
  readonly header: string | null;
  readonly forecasts: readonly Forecast[];
}

function expectOneSource({ data, from, observe, until, every }: PredictOptions): void {
  const cannot = (expected: string, found: string): CommandError =>
    new CommandError(
      `Cannot forecast: expected ${expected}, got ${found}`,
      "`leastaction predict --help` shows both forms.",
    );
  if ((data === undefined) === (from === undefined)) {
    throw cannot("either --data or --from", data === undefined ? "neither" : "both");
  }
  if (data !== undefined && observe === undefined) throw cannot("--observe with --data", "none");
  if (from !== undefined && (until === undefined || every === undefined)) {
    throw cannot("--until and --every with --from", until === undefined ? "no --until" : "no --every");
  }
  const rows = from === undefined ? 0 : (until ?? 0) / (every ?? 1);
  if (rows > mostRows) throw cannot(`at most ${mostRows} rows`, `${rows.toPrecision(3)} (--until over --every)`);
}

async function fromData(
  { model, record }: OpenRun,
  given: readonly string[],
  options: PredictOptions,
  io: Io,
): Promise<Forecasts> {
  const asInFit = given.some(isDatasetFile) ? undefined : record?.configuration;
  const columns = { ...asInFit?.columns, ...options.column };
  const { missing = [], mean = 1 } = asInFit ?? {};
  const read = await readData(given, { columns, missing: options.missing ?? missing, mean }, io);
  const { usedSpan } = await import("@leastaction/dynamics");
  const start = options.start ?? record?.configuration.start ?? undefined;
  const dataset = usedSpan(read.dataset, { start, stop: options.stop });
  if (start === "trigger") io.error.write("start: each recording at its trigger, which is t = 0\n");
  if (options.split !== undefined) expectSplit(dataset, options.split);
  const { observe = 0, until, split, level } = options;
  const chosen = {
    data: dataset,
    observe,
    level,
    ...(split === undefined ? {} : { split }),
    ...(until === undefined ? {} : { until }),
  };
  const forecasts = await model.predict(chosen);
  const header = dataset.trajectoryHeader ?? (dataset.trajectories.length > 1 ? "trajectory" : null);
  const longest = Math.max(...forecasts.map(({ times }) => (times.at(-1) ?? 0) - (times[0] ?? 0)));
  if (until !== undefined && until > longest + 1e-9)
    io.error.write("--until lies beyond the recordings: forecasts end with them\n");
  await sayControls(model.record, io);
  return { header, forecasts };
}

function expectSplit({ trajectories, name }: Dataset, split: string): void {
  const words = [...new Set(trajectories.flatMap((trajectory) => trajectory.split ?? []))];
  if (words.includes(split)) return;
  const found = words.length === 0 ? "a table without a split column" : `the splits ${words.join(", ")}`;
  throw new CommandError(
    `Cannot forecast ${name}: expected the split ${split}, got ${found}`,
    didYouMean(split, words, "Leave --split out to forecast every trajectory."),
    "unknown-name",
  );
}

async function fromStart(model: TrainedModel, options: PredictOptions, io: Io): Promise<Forecasts> {
  const { from = "", until = 0, every = 1, level } = options;
  const { coordinates, controls: axes } = model.record;
  const names = coordinates.map(({ name }) => name);
  const start = parseStart(from, [...names, ...coordinates.map(({ velocity }) => velocity.name)], names);
  const controls = options.controls === undefined ? {} : await controlsOf(options.controls, model, io);
  if (axes.length > 0 && options.controls === undefined) {
    io.error.write(`controls: ${axes.map(({ name }) => name).join(", ")} held at 0; state them with --controls FILE\n`);
  }
  return { header: null, forecasts: [await model.predict({ from: start, until, every, level, controls })] };
}

/** The controls of a table at its own times. */
async function controlsOf(file: string, model: TrainedModel, io: Io) {
  const { controls, time } = model.record;
  const text = new TextDecoder().decode(await wholeInput(await readInput(file, io.cwd)));
  const table = readControls(text, file, time, controls);
  const { toSi } = await import("@leastaction/dynamics");
  const times = table.times.map((value) => toSi(time.unit, value));
  await sayControls(model.record, io);
  return Object.fromEntries(controls.map(({ name }, i) => [name, { times, values: table.values[i] ?? [] }]));
}

function summary({ out, level }: PredictOptions, { record }: TrainedModel, forecasts: readonly Forecast[]): string {
  const rows = forecasts.reduce((sum, { times }) => sum + times.length, 0);
  const outside = forecasts.reduce(
    (sum, forecast) => sum + forecast.outside.reduce((count, flag) => count + flag, 0),
    0,
  );
  const many = forecasts.length === 1 ? "1 forecast" : `${forecasts.length} forecasts`;
  const band =
    record.band === null ? "no band" : `${100 * level} % band${record.band.calibrated ? "" : " (not calibrated)"}`;
  const beyond = outside === 0 ? "" : `; ${outside} rows lie outside what the model was trained on`;
  return `${out}: ${many} by ${record.name}, ${rows} rows, ${band}${beyond}\n`;
}
