/** Files that are there whole or not at all, with a message for the user where they cannot be written. */
import path from "node:path";
import { CommandError } from "./command-error.ts";
import { makeFolder } from "./make-folder.ts";
import { replaceFile } from "./replace-file.ts";
import { writeFault } from "./write-fault.ts";

/** Writes `file` (absolute), making its folder. Errors: a name that cannot be used (status 2), a place that fails (5). */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await makeFolder(path.dirname(file));
    await replaceFile(file, content);
  } catch (error) {
    const { found, remedy, code } = writeFault(error);
    throw new CommandError(`Cannot write ${file}: expected a place that can be written, got ${found}`, remedy, code);
  }
}
