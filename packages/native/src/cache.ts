/**
 * A folder of compiled libraries, each under its key, that only this user can write.
 *
 * It is loaded as code, so a folder that others may write is refused. An entry is a folder with the library, its source
 * and a digest; it is made beside and renamed, so that processes may build the same entry at once, and a crash leaves
 * nothing that is taken for whole. An entry whose digest does not fit is made again. Before an entry is added, those
 * that were used longest ago go until the rest are within the size of the cache.
 */
import { createHash } from "node:crypto";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { TensorError } from "@leastaction/tensor";

/** The names inside an entry. */
export const libraryName = "module.so";
export const sourceName = "module.c";
const digestName = "sha256";
/** Bytes of all entries at most: about two thousand programs. */
const roomiest = 2 ** 28;
/** Folders of builds that a crash left are removed after this many milliseconds. */
const abandoned = 3_600_000;

/** The folder for this user: `$XDG_CACHE_HOME/leastaction/native`, else `~/.cache/leastaction/native`. */
export function defaultCacheFolder(): string {
  const wanted = process.env.XDG_CACHE_HOME ?? "";
  return path.join(path.isAbsolute(wanted) ? wanted : path.join(os.homedir(), ".cache"), "leastaction", "native");
}

/**
 * Makes the folder if it is missing, and checks that it is private.
 *
 * Errors: not a folder, of another user, or writable by others; cannot be made.
 */
export function openCache(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw refusal(folder, error instanceof Error ? error.message : String(error));
  }
  const { mode, uid } = lstatSync(folder);
  const user = process.getuid?.();
  if (!lstatSync(folder).isDirectory()) throw refusal(folder, "something else, or a link");
  if (user !== undefined && uid !== user) throw refusal(folder, `one of user ${uid}`);
  if ((mode & 0o022) !== 0) throw refusal(folder, `permissions ${(mode & 0o777).toString(8)}, which let others write`);
}

function refusal(folder: string, found: string): TensorError {
  return new TensorError(
    `Cannot keep compiled code in ${folder}: expected a folder that only this user can write, got ${found}`,
    `Run chmod 700 ${folder} after looking at what is in it, or set XDG_CACHE_HOME to a private folder.`,
    "unusable-cache",
  );
}

/**
 * The path of the library under `key`, made by `build` if there is no whole one.
 *
 * @param build Writes the library (and what else should stay) into the folder that it is given.
 * @param room Bytes of the cache; default 256 MiB.
 */
export function fetchLibrary(
  folder: string,
  key: string,
  build: (into: string) => void,
  room: number = roomiest,
): string {
  const found = findLibrary(folder, key);
  if (found !== undefined) return found;
  const entry = path.join(folder, key);
  sweep(folder);
  evict(folder, room);
  const beside = mkdtempSync(path.join(folder, "building-"));
  try {
    build(beside);
    writeFileSync(path.join(beside, digestName), digestOf(path.join(beside, libraryName)));
    install(folder, beside, entry);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return path.join(entry, libraryName);
}

/** The path of the library under `key`, if there is a whole one. */
export function findLibrary(folder: string, key: string): string | undefined {
  const entry = path.join(folder, key);
  if (!isWhole(entry)) return undefined;
  touch(entry);
  return path.join(entry, libraryName);
}

/** Puts a finished build in its place; a whole one that another process put there first is as good. */
function install(folder: string, beside: string, entry: string): void {
  for (let attempt = 0; attempt < 8; attempt++) {
    try {
      renameSync(beside, entry);
      return;
    } catch (error) {
      if (isWhole(entry)) return;
      if (!(error instanceof Error && "code" in error && (error.code === "ENOTEMPTY" || error.code === "EEXIST")))
        throw error;
    }
    remove(folder, entry);
  }
  throw new TensorError(
    `Cannot keep compiled code in ${entry}: expected to put it there, got in the way of other processes 8 times`,
    "Try again; if it stays so, remove the folder.",
    "unusable-cache",
  );
}

/** Takes an entry away at once, then removes it. */
function remove(folder: string, entry: string): void {
  const broken = mkdtempSync(path.join(folder, "broken-"));
  try {
    renameSync(entry, broken);
  } catch {
    // Another process has taken it away.
  }
  rmSync(broken, { recursive: true, force: true });
}

function isWhole(entry: string): boolean {
  try {
    return readFileSync(path.join(entry, digestName), "utf8") === digestOf(path.join(entry, libraryName));
  } catch {
    return false;
  }
}

function digestOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** Marks an entry as used now: its digest is what carries the time. */
function touch(entry: string): void {
  const now = new Date();
  try {
    utimesSync(path.join(entry, digestName), now, now);
  } catch {
    // Another process has taken it away; the library stays where it is loaded.
  }
}

/** Takes away entries, those used longest ago first, until the rest fit into `room` bytes. */
function evict(folder: string, room: number): void {
  const entries = readdirSync(folder).flatMap((name) => {
    const entry = path.join(folder, name);
    const used = statSync(path.join(entry, digestName), { throwIfNoEntry: false });
    return used === undefined ? [] : [{ entry, used: used.mtimeMs, bytes: bytesIn(entry) }];
  });
  let bytes = entries.reduce((sum, each) => sum + each.bytes, 0);
  for (const each of entries.sort((a, b) => a.used - b.used)) {
    if (bytes <= room) return;
    remove(folder, each.entry);
    bytes -= each.bytes;
  }
}

function bytesIn(entry: string): number {
  const sizes = [libraryName, sourceName].map(
    (name) => statSync(path.join(entry, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!/^(building|broken)-/.test(name)) continue;
    const left = path.join(folder, name);
    const age = Date.now() - (statSync(left, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > abandoned) rmSync(left, { recursive: true, force: true });
  }
}
