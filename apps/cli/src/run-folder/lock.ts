/**
 * The lock of a run folder: one process writes there, a second is refused and told who the first is.
 *
 * `lock.json` names its owner and comes into being whole (a link to a file written before). The lock of a process that
 * is gone is taken over. Between several that want to take it over, the one that first makes the file named after the
 * lock and its token may replace it; that file is a lock of the same kind, so that the death of its owner is no harm.
 * A lock goes with its process, however that ends in good order; that it was killed, the next one recognises.
 */
import { readFileSync, rmSync } from "node:fs";
import { constants, copyFile, link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { CommandError } from "../command-error.ts";
import { partEnding } from "../replace-file.ts";
import { livenessOf, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

export const lockName = "lock.json";

export interface Lock {
  /** Whether the folder is this process's, as far as can be seen at once. */
  isHeld(): boolean;
  /** Makes sure that the folder is still this process's. Errors: of the system; another has it now (status 6). */
  keep(): Promise<void>;
  release(): void;
}

interface Owner extends ProcessIdentity {
  /** ISO time, for people: nothing is decided by it. */
  readonly since: string;
  /** Names this very lock. */
  readonly token: string;
}

/** A lock that cannot be read was left by a power failure, or is just being written on a disk without links. */
type Found = Owner | "none" | "unreadable";

/** The locks that this process has or is about to take: one of its own that it gave up is nobody's. */
const tokens = new Set<string>();

/** ms between two looks, and how many there are before a lock counts as unreadable or as somebody's for good. */
const pause = 25;
const looks = 40;
/** Bytes: a lock is shorter. */
const longest = 4096;

/**
 * @param folder absolute; it is there
 * @param shown the folder as messages name it
 *
 * Errors: another process has it (status 6); those of the system.
 */
export async function takeLock(folder: string, shown: string): Promise<Lock> {
  const file = path.join(folder, lockName);
  const own: Owner = { ...(await ownIdentity()), since: new Date().toISOString(), token: crypto.randomUUID() };
  const isHeld = (): boolean => {
    try {
      return readFileSync(file, "utf8").includes(own.token);
    } catch {
      return false;
    }
  };
  const release = (): void => {
    process.off("exit", release);
    tokens.delete(own.token);
    try {
      if (isHeld()) rmSync(file);
    } catch {
      // The folder is gone or cannot be written: whoever comes next sees that this process is over.
    }
  };
  const lock: Lock = {
    isHeld,
    keep: async () => {
      if (isHeld()) return;
      const other = await prepared(file, own, (beside) => taken(file, beside));
      if (other !== null) throw await inUse(other, shown);
    },
    release,
  };
  tokens.add(own.token);
  try {
    await lock.keep();
  } catch (error) {
    tokens.delete(own.token);
    throw error;
  }
  // Also a second Ctrl-C, which ends the process at once, comes by here.
  process.on("exit", release);
  return lock;
}

/** What `use` gives while the record of `own` lies beside `file`. */
async function prepared<T>(file: string, own: Owner, use: (beside: string) => Promise<T>): Promise<T> {
  const beside = `${file}.${own.token}${partEnding}`;
  try {
    await writeFile(beside, `${JSON.stringify(own)}\n`);
    return await use(beside);
  } finally {
    await rm(beside, { force: true }).catch(() => {});
  }
}

/** Null when `file` is ours now; else whose it is. */
async function taken(file: string, beside: string): Promise<Owner | "unreadable" | null> {
  for (let look = 0; look < 2 * looks; look++) {
    if (await linked(beside, file)) return null;
    const found = await ownerOf(file);
    if (typeof found !== "string" && !(await isGone(found))) return found;
    const isOver = found !== "none" && (found !== "unreadable" || look >= looks);
    if (isOver && (await succeeded(file, found, beside))) return null;
    // Released at this moment, being written, or being taken over by another.
    await wait(pause);
  }
  return "unreadable";
}

async function isGone(owner: Owner): Promise<boolean> {
  const { pid, host, boot, started } = await ownIdentity();
  const isOwn = owner.pid === pid && owner.host === host && owner.boot === boot && owner.started === started;
  return isOwn ? !tokens.has(owner.token) : (await livenessOf(owner)) === "gone";
}

/** Takes the place of a dead lock, if nobody else is about to. */
async function succeeded(file: string, dead: Exclude<Found, "none">, beside: string): Promise<boolean> {
  const claim = `${file}.${tokenOf(dead)}`;
  if ((await taken(claim, beside)) !== null) return false;
  const now = await ownerOf(file);
  if (now !== "none" && tokenOf(now) === tokenOf(dead)) {
    await rename(claim, file);
    return true;
  }
  await rm(claim, { force: true });
  return false;
}

function tokenOf(found: Exclude<Found, "none">): string {
  return found === "unreadable" ? found : found.token;
}

/** Whether `file` did not exist and is now what `beside` is. */
async function linked(beside: string, file: string): Promise<boolean> {
  try {
    await link(beside, file).catch(async (error: NodeJS.ErrnoException) => {
      if (!withoutLinks.has(error.code ?? "")) throw error;
      await copyFile(beside, file, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** What file systems say that know no links. */
const withoutLinks: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

async function ownerOf(file: string): Promise<Found> {
  try {
    if ((await stat(file)).size > longest) return "unreadable";
    const read = JSON.parse(await readFile(file, "utf8")) as Partial<Owner> | null;
    return isOwner(read) ? read : "unreadable";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "none";
    if (error instanceof SyntaxError) return "unreadable";
    throw error;
  }
}

function isOwner(read: Partial<Owner> | null): read is Owner {
  const { pid, host, boot, started, since, token } = read ?? {};
  const isWords = [host, since, token, boot ?? "", started ?? ""].every((word) => typeof word === "string");
  return isWords && Number.isSafeInteger(pid) && (pid as number) > 0 && /^[\w-]+$/.test(token as string);
}

async function inUse(owner: Owner | "unreadable", shown: string): Promise<CommandError> {
  const cannot = `Cannot write to ${shown}: expected a run folder that no process uses, got one`;
  const lock = path.join(shown, lockName);
  if (owner === "unreadable") {
    return new CommandError(
      `${cannot} whose ${lockName} cannot be read`,
      `When no process writes there any more, remove ${lock} and call again.`,
      "folder-in-use",
    );
  }
  const isElsewhere = (await livenessOf(owner)) === "elsewhere";
  const { pid, host, since } = owner;
  return new CommandError(
    `${cannot} that process ${pid} on ${host} has used since ${since}`,
    isElsewhere
      ? `Whether it still runs can be seen on ${host} only: when it does not, remove ${lock} and call again.`
      : `Wait for that process or end it (kill ${pid}), or choose another --out.`,
    "folder-in-use",
  );
}
