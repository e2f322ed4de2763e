/** Makes a folder and those around it, as far as they are not there. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { syncFolder } from "./sync-folder.ts";

/** Errors: those of the system, as they are; Node's own recursive way calls a read-only disk a missing folder. */
export async function makeFolder(folder: string): Promise<void> {
  if (await isThere(folder)) return;
  await makeFolder(path.dirname(folder));
  await isThere(folder);
}

/** Makes it if it can; false where the folder around it is missing. */
async function isThere(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    await syncFolder(path.dirname(folder));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && path.dirname(folder) !== folder) return false;
    if (code !== "EEXIST") throw error;
  }
  return true;
}
