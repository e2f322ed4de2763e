/** Files that the user named: their content, or a message with the remedy. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { CommandError } from "../command-error.ts";
import { exitStatus } from "../exit-status.ts";

/** A file as it was found. */
export interface InputFile {
  /** As the user wrote it. */
  readonly name: string;
  /** Absolute. */
  readonly full: string;
  readonly bytes: Uint8Array;
}

/** Reads `name`, relative to `cwd`. Errors (status 3): no such file, a folder, not readable. */
export async function readInput(name: string, cwd: string): Promise<InputFile> {
  const full = path.resolve(cwd, name);
  try {
    return { name, full, bytes: await readFile(full) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const [found, remedy] = problems[code] ?? [code, "Check its permissions."];
    throw new CommandError(`Cannot read ${name}: expected a file, got ${found}`, remedy, exitStatus.data);
  }
}

const problems: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ["no file of that name", "Check the path; relative paths start from the current folder."],
  ENOTDIR: ["no file of that name", "Check the path: a part of it is a file."],
  EISDIR: ["a folder", "Name a table."],
  EACCES: ["a file that may not be read", "Check its permissions."],
};
