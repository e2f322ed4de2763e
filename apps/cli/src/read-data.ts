/** DATA of a call: the file's text as a data set, the reading printed before anything else happens. */
import type { Dataset } from "@leastaction/dynamics";
import type { Io } from "./io.ts";
import { type InputFile, readInput } from "./read-input.ts";

export interface ReadData {
  readonly file: InputFile;
  readonly dataset: Dataset;
}

/** Errors (status 3): a file that cannot be read, a table that is none. */
export async function readData(name: string, columns: Readonly<Record<string, string>>, io: Io): Promise<ReadData> {
  const file = await readInput(name, io.cwd);
  const { describeReading, readTable } = await import("@leastaction/dynamics");
  const dataset = readTable(file.text, { name, columns });
  io.error.write(`${describeReading(dataset.reading).join("\n")}\n`);
  return { file, dataset };
}
