/** The files of a user's own models as a run keeps them: which they were, to the byte. What they import is not in it. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { CommandError } from "../command-error.ts";
import { shortHash } from "../short-hash.ts";
import { isModelFile } from "./load-user-model.ts";

/** SHA-256 of each file among `models`, by the name in the call; relative names start from `cwd`. */
export async function modelFileHashes(
  models: readonly string[],
  cwd: string,
): Promise<Readonly<Record<string, string>>> {
  const names = models.map((name) => name.trim()).filter(isModelFile);
  const hashes = names.map(async (name) => {
    const bytes = await readFile(path.resolve(cwd, name));
    return [name, createHash("sha256").update(bytes).digest("hex")] as const;
  });
  return Object.fromEntries(await Promise.all(hashes));
}

/**
 * Errors (status 2): a file is not what it was when the run `shown` began.
 * @param before by name; runs of earlier releases have none
 */
export async function expectSameModelFiles(
  shown: string,
  before: Readonly<Record<string, string>>,
  cwd: string,
): Promise<void> {
  const now = await modelFileHashes(Object.keys(before), cwd);
  for (const [name, hash] of Object.entries(before)) {
    if (now[name] === hash) continue;
    throw new CommandError(
      `Cannot go on with ${shown}: expected ${name} as it was (SHA-256 ${shortHash(hash)}), got another content (${shortHash(now[name] ?? "")})`,
      "Restore the model, or fit anew: run.json holds the command.",
      "unusable-module",
    );
  }
}
