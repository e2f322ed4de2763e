/**
 * `dataset.json`: a reading that is kept. Which files, by name and hash; what every column is; missing codes; where
 * recordings start and stop; how controls act. A fit of it reads the same numbers again, or says what has changed.
 */
import path from "node:path";
import type { Dataset, Unit } from "@leastaction/dynamics";
import { CommandError, type CommandErrorCode } from "../command-error.ts";
import { shortHash } from "../short-hash.ts";
import { type InputFile, readInput } from "./read-input.ts";

/** Version of the layout; fields are added, never changed, within one. */
const schema = 1;

/** What is said about data beside its files: flags of a call, or a kept reading. */
export interface DataOptions {
  /** `--column` by header or position. */
  readonly columns: Readonly<Record<string, string>>;
  /** `--missing`. */
  readonly missing: readonly string[];
  /** `--mean`: rows that become one. */
  readonly mean: number;
  readonly start: "trigger" | number | null;
  readonly stop: number | null;
  /** `--hold` and `--delay`: words by name of the control. */
  readonly hold: Readonly<Record<string, string>>;
  readonly delay: Readonly<Record<string, string>>;
}

/** The content of a `dataset.json`. */
export interface DatasetFile extends Omit<DataOptions, "mean" | "hold" | "delay"> {
  readonly format: "leastaction-dataset";
  readonly schema: number;
  /** Absent where every row is kept. */
  readonly mean?: number;
  /** Absent where nothing is said of any control. */
  readonly hold?: Readonly<Record<string, string>>;
  readonly delay?: Readonly<Record<string, string>>;
  /** Paths relative to the folder of the `dataset.json`, with `/`. */
  readonly files: readonly { readonly file: string; readonly sha256: string; readonly bytes: number }[];
  /** Hash of the measurements, whatever the layout and the units. */
  readonly measurements: string;
}

/** The text of a `dataset.json` in the folder `folder` (absolute). */
export async function datasetFileText(
  dataset: Dataset,
  files: readonly InputFile[],
  { missing, mean, start, stop, hold, delay }: Omit<DataOptions, "columns">,
  folder: string,
): Promise<string> {
  const { parseUnit } = await import("@leastaction/dynamics");
  const content: DatasetFile = {
    format: "leastaction-dataset",
    schema,
    files: files.map(({ full, sha256, length }) => ({
      file: path.relative(folder, full).split(path.sep).join("/"),
      sha256,
      bytes: length,
    })),
    columns: declarationsOf(dataset, parseUnit),
    missing,
    ...(mean === 1 ? {} : { mean }),
    start,
    stop,
    ...(Object.keys(hold).length === 0 ? {} : { hold }),
    ...(Object.keys(delay).length === 0 ? {} : { delay }),
    measurements: dataset.hash,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Every column as `NAME:ROLE:UNIT`, by position where it has no header; units that are not known stay in the header. */
function declarationsOf(
  { reading }: Dataset,
  parse: (symbol: string) => Unit | null,
): Readonly<Record<string, string>> {
  const isHeaderless = reading.headerLine === null && reading.delimiter !== null;
  return Object.fromEntries(
    reading.columns.map(({ position, name, header, role, unit }) => {
      const isKnown = unit !== "" && parse(unit) !== null && role !== "ignore";
      const key = isHeaderless && header === name ? String(position) : header;
      return [key, `${name}:${role}${isKnown ? `:${unit}` : ""}`];
    }),
  );
}

/** A `dataset.json`, read, with its files. Errors (status 3): no such layout, a file that is missing or has changed. */
export async function openDatasetFile(
  input: InputFile,
): Promise<{ readonly kept: DatasetFile; readonly files: readonly InputFile[] }> {
  const kept = parsed(input);
  const folder = path.dirname(input.full);
  const shown = path.dirname(input.name);
  const files = await Promise.all(
    kept.files.map(async ({ file, sha256 }) => {
      const read = await readInput(path.resolve(folder, file), folder, "stored");
      const name = path.isAbsolute(file) ? file : path.join(shown, file);
      const now = read.sha256;
      if (now === sha256) return { ...read, name };
      throw cannot(
        name,
        `the file that ${input.name} keeps (SHA-256 ${shortHash(sha256)})`,
        `another one (${shortHash(now)})`,
        `Restore the file, or look again and keep the new reading: leastaction inspect … --write ${input.name}.`,
        "changed-data",
      );
    }),
  );
  return { kept, files };
}

function parsed({ name, bytes }: InputFile): DatasetFile {
  const wanted = "a dataset.json that `inspect --write` has made";
  let content: Partial<DatasetFile> | null = null;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array())) as Partial<DatasetFile> | null;
  } catch (error) {
    throw cannot(
      name,
      wanted,
      (error as Error).message,
      "Make it again: leastaction inspect DATA --write dataset.json.",
    );
  }
  if (content?.format !== "leastaction-dataset" || !Array.isArray(content.files)) {
    throw cannot(name, wanted, "JSON of another kind", "Make one: leastaction inspect DATA --write dataset.json.");
  }
  if (content.schema !== schema) {
    throw cannot(
      name,
      `schema ${schema}`,
      JSON.stringify(content.schema),
      "Update leastaction, or make the file again.",
    );
  }
  const wrong = Object.entries(fields).find(([field, { holds }]) => !holds(content[field as keyof DatasetFile]));
  if (wrong === undefined) return content as DatasetFile;
  const [field, { wanted: part }] = wrong;
  throw cannot(
    name,
    `${field}: ${part}`,
    JSON.stringify(content[field as keyof DatasetFile])?.slice(0, 60) ?? "none",
    "Make it again: leastaction inspect DATA --write dataset.json.",
  );
}

/** What a field must hold, in words and as a test. */
interface FieldRule {
  readonly wanted: string;
  readonly holds: (value: unknown) => boolean;
}

const isText = (value: unknown): boolean => typeof value === "string";
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isWords = (value: unknown): boolean =>
  value === undefined || (isRecord(value) && Object.values(value).every(isText));

const fields: Readonly<Record<Exclude<keyof DatasetFile, "format" | "schema">, FieldRule>> = {
  files: {
    wanted: "a list of files with their names and hashes",
    holds: (value) =>
      Array.isArray(value) && value.every((file) => isRecord(file) && isText(file.file) && isText(file.sha256)),
  },
  columns: {
    wanted: "a declaration for each column",
    holds: (value) => isRecord(value) && Object.values(value).every(isText),
  },
  hold: { wanted: "a word for each control that it names", holds: isWords },
  delay: { wanted: "a time for each control that it names", holds: isWords },
  missing: { wanted: "a list of codes", holds: (value) => Array.isArray(value) && value.every(isText) },
  mean: {
    wanted: "a whole number from 1 on",
    holds: (value) => value === undefined || (Number.isSafeInteger(value) && (value as number) >= 1),
  },
  start: {
    wanted: 'a time, "trigger" or null',
    holds: (value) => value === null || value === "trigger" || Number.isFinite(value),
  },
  stop: { wanted: "a time or null", holds: (value) => value === null || Number.isFinite(value) },
  measurements: { wanted: "the hash of the measurements", holds: isText },
};

/** Errors (status 3) where the kept files no longer read to the kept numbers. */
export function expectSameMeasurements(name: string, kept: DatasetFile, { hash }: Dataset): void {
  if (kept.measurements === hash) return;
  throw cannot(
    name,
    `measurements ${shortHash(kept.measurements)}`,
    shortHash(hash),
    "The files are the same, but they are read in another way: this version differs from the one that kept the reading. Look again with inspect.",
    "changed-data",
  );
}

function cannot(
  name: string,
  expected: string,
  found: string,
  remedy: string,
  code: CommandErrorCode = "unreadable-data",
): CommandError {
  return new CommandError(`Cannot read ${name}: expected ${expected}, got ${found}`, remedy, code);
}
