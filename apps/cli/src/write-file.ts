/**
 * Files that are there whole or not at all: written beside their place and renamed into it.
 */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { CommandError } from "./command-error.ts";

/** Writes `file` (absolute), making its folder. Errors (status 2): the place cannot be written. */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const beside = `${file}.${process.pid}.part`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(beside, content);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CommandError(
      `Cannot write ${file}: expected a place that can be written, got ${code}`,
      "Check that the folder exists and its permissions, or choose another place with --out.",
      "unusable-place",
    );
  }
}
