/** Makes a folder and those around it, as far as they are not there. */
import { mkdir } from "node:fs/promises";
import path from "node:path";

/** Errors: those of the system, as they are; Node's own recursive way calls a read-only disk a missing folder. */
export async function makeFolder(folder: string): Promise<void> {
  if (await isMade(folder)) return;
  await makeFolder(path.dirname(folder));
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}

/** False where the folder around it is missing. */
async function isMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && path.dirname(folder) !== folder) return false;
    if (code !== "EEXIST") throw error;
  }
  return true;
}
