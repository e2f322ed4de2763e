/**
 * The result of a run, which may have taken days, is written somewhere: into its folder, or where that fails into one of
 * the system's for temporary files.
 */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CommandError } from "../command-error.ts";
import { makeFolder } from "../make-folder.ts";
import { writeFault } from "../write-fault.ts";
import type { OutFolder } from "./prepare-out.ts";

export interface WrittenResult {
  /** Where it is, as messages name it; null: nowhere. */
  readonly place: string | null;
  /** Why it is not in its folder, where it is, and what to do (status 5); null when it is there. */
  readonly problem: CommandError | null;
}

/** @param write writes everything into a folder that is there */
export async function writeResult(
  { full, shown, lock }: OutFolder,
  write: (folder: string) => Promise<void>,
): Promise<WrittenResult> {
  try {
    await makeFolder(full);
    await lock.keep();
    await write(full);
    return { place: shown, problem: null };
  } catch (error) {
    const { place, remedy } = await writeElsewhere(shown, write);
    const cannot = `Cannot write the result to ${shown}: ${reasonOf(error)}`;
    return { place, problem: new CommandError(cannot, remedy, "unwritten-result") };
  }
}

async function writeElsewhere(
  shown: string,
  write: (folder: string) => Promise<void>,
): Promise<{ readonly place: string | null; readonly remedy: string }> {
  const beside = path.join(tmpdir(), "leastaction-result-");
  try {
    const place = await mkdtemp(beside);
    await write(place);
    return {
      place,
      remedy: `The whole result is in ${place} instead: copy it to where it is safe, for the system may clear that folder.`,
    };
  } catch (error) {
    const also = `Nor could it be written to ${beside}…: ${reasonOf(error)}.`;
    return {
      place: null,
      remedy: `${also} Make room; what ${shown} holds is whole, and training can go on from its last checkpoint.`,
    };
  }
}

/** `expected …, got …` */
function reasonOf(error: unknown): string {
  if (error instanceof CommandError) return /: (.*)/.exec(error.message)?.[1] ?? error.message;
  if ((error as NodeJS.ErrnoException | null)?.code === undefined) throw error;
  return `expected a place that can be written, got ${writeFault(error).found}`;
}
