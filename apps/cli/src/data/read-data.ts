/** DATA of a call as one data set, the reading printed before anything else happens. */
import type { Dataset, TableSource } from "@leastaction/dynamics";
import type { Hdf5Reader } from "@leastaction/formats";
import { CommandError } from "../command-error.ts";
import type { Io } from "../io.ts";
import { type DataOptions, expectSameMeasurements, openDatasetFile } from "./dataset-file.ts";
import { expandData } from "./expand-data.ts";
import { type InputFile, piecesOf, readInput, wholeInput } from "./read-input.ts";

/** What was read, and how. */
export interface ReadData extends DataOptions {
  /** DATA as it was given: what repeats the reading, with the options. */
  readonly given: readonly string[];
  readonly files: readonly InputFile[];
  readonly dataset: Dataset;
}

/** How to read: flags of the call, and whether what a fit refuses is only listed. */
export interface ReadDataOptions extends Partial<DataOptions> {
  readonly lenient?: boolean;
}

/** Whether DATA is a kept reading: it needs no columns and no codes beside it. */
export function isDatasetFile(name: string): boolean {
  return /\.json$/i.test(name);
}

/** Errors (status 3): files that cannot be read, tables that are none, a kept reading that no longer holds. */
export async function readData(given: readonly string[], options: ReadDataOptions, io: Io): Promise<ReadData> {
  const { describeReading } = await import("@leastaction/dynamics");
  const data = given.some(isDatasetFile) ? await readKept(given, options, io) : await readNamed(given, options, io);
  io.error.write(`${describeReading(data.dataset.reading).join("\n")}\n`);
  return data;
}

/** DATA without a word about it. */
export async function readQuietly(given: readonly string[], options: ReadDataOptions, io: Io): Promise<ReadData> {
  return given.some(isDatasetFile) ? readKept(given, options, io) : readNamed(given, options, io);
}

async function readNamed(given: readonly string[], options: ReadDataOptions, io: Io): Promise<ReadData> {
  const { files: names, passedOver } = await expandData(given, io.cwd);
  if (passedOver.length > 0) io.error.write(`not read: ${passedOver.join(", ")}\n`);
  const files = await Promise.all(names.map((name) => readInput(name, io.cwd)));
  const { columns = {}, missing = [], mean = 1, start = null, stop = null, hold = {}, delay = {} } = options;
  const dataset = await datasetFrom(files, { columns, missing, mean, lenient: options.lenient === true });
  return { given, files, dataset, columns, missing, mean, start, stop, hold, delay };
}

async function readKept(given: readonly string[], options: ReadDataOptions, io: Io): Promise<ReadData> {
  const [name = "", ...more] = given;
  if (more.length > 0) {
    throw new CommandError(
      `Cannot read ${given.join(" ")}: expected one dataset.json alone, got ${given.length} names`,
      "A kept reading stands for all its files: name nothing beside it.",
    );
  }
  if (Object.keys(options.columns ?? {}).length > 0 || (options.missing ?? []).length > 0 || (options.mean ?? 1) > 1) {
    throw new CommandError(
      `Cannot read ${name}: expected no --column, --missing or --mean beside a kept reading, got some`,
      "Keep another reading: leastaction inspect DATA --column … --write dataset.json.",
    );
  }
  const { kept, files } = await openDatasetFile(await readInput(name, io.cwd));
  const { columns, missing, mean = 1 } = kept;
  const dataset = await datasetFrom(files, { columns, missing, mean, lenient: options.lenient === true });
  expectSameMeasurements(name, kept, dataset);
  return {
    given,
    files,
    dataset,
    columns,
    missing,
    mean,
    start: options.start ?? kept.start,
    stop: options.stop ?? kept.stop,
    hold: { ...kept.hold, ...options.hold },
    delay: { ...kept.delay, ...options.delay },
  };
}

async function datasetFrom(
  files: readonly InputFile[],
  options: Pick<DataOptions, "columns" | "missing" | "mean"> & { readonly lenient: boolean },
): Promise<Dataset> {
  const { datasetOf } = await import("@leastaction/dynamics");
  const { hdf5InThread } = await import("./hdf5-in-thread.ts");
  const hdf5 = hdf5InThread();
  const sources = await Promise.all(files.map((file) => sourcesIn(file, { ...options, hdf5 })));
  return datasetOf(sources.flat(), options);
}

/** A long text is read in pieces, everything else whole. */
async function sourcesIn(
  file: InputFile,
  options: Pick<DataOptions, "columns" | "mean"> & { readonly hdf5: Hdf5Reader },
): Promise<readonly TableSource[]> {
  const { name, full, length, bytes } = file;
  const { formatOf, sourcesOf } = await import("@leastaction/formats");
  const [start] = bytes === null ? piecesOf(full) : [];
  if (start === undefined || formatOf(start) !== "text") return sourcesOf(name, await wholeInput(file), options);
  const { decodePieces, textSource } = await import("@leastaction/dynamics");
  return [
    textSource(
      decodePieces(() => piecesOf(full)),
      { ...options, name, size: length },
    ),
  ];
}
