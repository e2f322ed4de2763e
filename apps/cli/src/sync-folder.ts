/** Brings the names in a folder to the disk, so that a file that was made or renamed there outlasts a power failure. */
import { open } from "node:fs/promises";

/**
 * Errors: the disk fails. Where folders cannot be opened (Windows) or brought to the disk (some networks), names last as
 * long as the system makes them.
 */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null);
  if (handle === null) return;
  try {
    await handle.sync();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EIO") throw error;
  } finally {
    await handle.close();
  }
}
