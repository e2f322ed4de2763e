/**
 * Replaces a file as one act: whoever looks, also after a crash or a power failure, finds the old content or the new.
 *
 * The content is written beside, brought to the disk, looked over, renamed into its place, and the folder is brought to
 * the disk too. Errors of the system pass as they are; what was written beside is removed then.
 */
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { syncFolder } from "./sync-folder.ts";

/** What stands at the end of the name of a file that is being written. */
export const partEnding = ".part";

/**
 * @param file absolute; its folder is there
 * @param verify looks over what was written, by its name, before it takes its place
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  verify: (beside: string) => Promise<void> = async () => {},
): Promise<void> {
  const beside = `${file}.${process.pid}${partEnding}`;
  try {
    const handle = await open(beside, "w");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await verify(beside);
    await rename(beside, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  }
}
