/**
 * `inspect DATA…`: what was read, column by column, and everything odd in it, each with file, line and remedy.
 * No training; what a fit would refuse is listed. `--write` keeps the reading for `fit dataset.json`.
 */
import path from "node:path";
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { CommandContext } from "../command-context.ts";
import { controlled } from "../control-flags.ts";
import { datasetFileText } from "../data/dataset-file.ts";
import { isDatasetFile, type ReadData, readQuietly } from "../data/read-data.ts";
import { examples } from "../examples.ts";
import type { Io } from "../io.ts";
import { assignment, missingCodes, startTime, stopTime, wholeNumber } from "../option-values.ts";
import { writeWhole } from "../write-file.ts";

const opening = examples(
  "inspect examples/multiarm-pendulum/single.csv",
  "inspect runs/*.csv --column enc=angle:deg --column mot=control:V --missing -999",
  "inspect rig --write dataset.json",
);

interface InspectFlags {
  readonly column?: Readonly<Record<string, string>> | undefined;
  readonly missing?: readonly string[] | undefined;
  readonly mean?: number | undefined;
  readonly start?: "trigger" | number | undefined;
  readonly stop?: number | undefined;
  readonly hold?: Readonly<Record<string, string>> | undefined;
  readonly delay?: Readonly<Record<string, string>> | undefined;
  readonly write?: string | undefined;
  readonly json?: true | undefined;
}

export function inspectCommand({ io }: CommandContext): CommandUnknownOpts {
  return new Command("inspect")
    .description("says what is in tables of measurements and what is odd about it; trains nothing")
    .argument("<data...>", "files, folders or patterns, each file one recording; or a dataset.json")
    .option("--column <name=role:unit>", "what a column is; may be repeated", assignment("--column", "enc=angle:deg"))
    .option("--missing <codes>", "numbers or words that stand for a missing value: -999,ERR", missingCodes)
    .option("--mean <n>", "keep the mean of every n rows: for tables larger than the memory", wholeNumber("--mean", 1))
    .option("--start <t>", "kept with --write: use recordings from t seconds on, or from trigger", startTime)
    .option("--stop <t>", "kept with --write: use recordings up to t seconds", stopTime)
    .option(
      "--hold <name=word>",
      "kept with --write: between samples a control is zero (held) or linear",
      assignment("--hold", "mot=linear"),
    )
    .option(
      "--delay <name=time>",
      "kept with --write: how late a control acts, a time or fit",
      assignment("--delay", "mot=20ms"),
    )
    .option("--write <file>", "keep this reading; `fit FILE` repeats it exactly")
    .option("--json", "print one object on standard output")
    .addHelpText("before", opening)
    .action(async (data, flags: InspectFlags) => {
      const { column: columns = {}, missing = [], mean = 1, start = null, stop = null } = flags;
      const { hold = {}, delay = {} } = flags;
      const read = await readQuietly(data, { columns, missing, mean, start, stop, hold, delay, lenient: true }, io);
      const { describeReading, usedSpan } = await import("@leastaction/dynamics");
      usedSpan(read.dataset, { start: read.start ?? undefined, stop: read.stop ?? undefined });
      if (flags.json === true) io.out.write(`${JSON.stringify(inspectionOf(read))}\n`);
      else io.out.write(`${describeReading(read.dataset.reading).join("\n")}\n`);
      const isSaid = Object.keys({ ...read.hold, ...read.delay }).length > 0;
      if (isSaid) await controlled(read.dataset, read, io);
      if (flags.write !== undefined) await keep(read, flags.write, io);
    });
}

/** The object of `--json`. */
function inspectionOf({ dataset, files }: ReadData): Readonly<Record<string, unknown>> {
  const { reading, hash, trajectories } = dataset;
  const { rows, columns, oddities } = reading;
  return {
    files: reading.files.map((each) => {
      const found = files.find(({ name }) => name === each.file);
      return { ...each, ...(found === undefined ? {} : { sha256: found.sha256, bytes: found.length }) };
    }),
    rows,
    trajectories: trajectories.map(({ name, split, times }) => ({
      name,
      split,
      samples: times.length,
      seconds: (times.at(-1) ?? 0) - (times[0] ?? 0),
    })),
    columns,
    oddities,
    measurements: hash,
  };
}

async function keep(read: ReadData, name: string, io: Io): Promise<void> {
  const full = path.resolve(io.cwd, name);
  await writeWhole(full, await datasetFileText(read.dataset, read.files, read, path.dirname(full)));
  const hint = isDatasetFile(name) ? `Next: leastaction fit ${name}` : "Name it *.json for fit to know it.";
  io.error.write(
    `${name}: the reading of ${read.files.length} ${read.files.length === 1 ? "file" : "files"}\n${hint}\n`,
  );
}
