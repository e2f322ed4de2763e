/**
 * The result of a run, which may have taken days, is written somewhere: into its folder, or where that fails into one of
 * the system's for temporary files.
 */
import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CommandError } from "../command-error.ts";
import { writeFault } from "../write-fault.ts";
import type { OutFolder } from "./prepare-out.ts";

/**
 * @param write writes everything into a folder that is there
 * @returns null, or (status 5) why the result is not where it belongs, where it is, and what to do
 */
export async function writeResult(
  { full, shown, lock }: OutFolder,
  write: (folder: string) => Promise<void>,
): Promise<CommandError | null> {
  try {
    await mkdir(full, { recursive: true });
    await lock.keep();
    await write(full);
    return null;
  } catch (error) {
    const cannot = `Cannot write the result to ${shown}: ${reasonOf(error)}`;
    return new CommandError(cannot, await remedyOf(shown, write), "unwritten-result");
  }
}

async function remedyOf(shown: string, write: (folder: string) => Promise<void>): Promise<string> {
  const beside = path.join(tmpdir(), "leastaction-result-");
  try {
    const folder = await mkdtemp(beside);
    await write(folder);
    return `The whole result is in ${folder} instead: copy it to where it is safe, for the system may clear that folder.`;
  } catch (error) {
    const also = `Nor could it be written to ${beside}…: ${reasonOf(error)}.`;
    return `${also} Make room; the last checkpoint in ${shown} is whole and training can go on from there.`;
  }
}

/** `expected …, got …` */
function reasonOf(error: unknown): string {
  if (error instanceof CommandError) return /: (.*)/.exec(error.message)?.[1] ?? error.message;
  if ((error as NodeJS.ErrnoException | null)?.code === undefined) throw error;
  return `expected a place that can be written, got ${writeFault(error).found}`;
}
