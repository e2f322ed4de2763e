/** Files that are there whole or not at all, with a message for the user where they cannot be written. */
import { access, constants } from "node:fs/promises";
import path from "node:path";
import { CommandError } from "./command-error.ts";
import { makeFolder } from "./make-folder.ts";
import { replaceFile } from "./replace-file.ts";
import { writeFault } from "./write-fault.ts";

/** Writes `file` (absolute), making its folder. Errors: a name that cannot be used (status 2), a place that fails (5). */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  await writing(file, async () => {
    await makeFolder(path.dirname(file));
    await replaceFile(file, content);
  });
}

/** Makes `folder` (absolute) before what is to be written there is computed. Errors: as of `writeWhole`. */
export async function expectWritable(folder: string): Promise<void> {
  await writing(folder, async () => {
    await makeFolder(folder);
    // The slash makes a file of this name an error.
    await access(`${folder}${path.sep}`, constants.W_OK);
  });
}

async function writing(place: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const { found, remedy, code } = writeFault(error);
    throw new CommandError(`Cannot write ${place}: expected a place that can be written, got ${found}`, remedy, code);
  }
}
