/**
 * A store of code in files, one an entry, in a folder that only this user can write.
 *
 * An entry is named by a digest of its key and of the code of these packages (`code-stamp.ts`), and begins with a digest
 * of what follows: one that a crash or a full disk cut short is taken for none. It is written beside and renamed, so that
 * processes may write the same entry at once. Before an entry is added, those that were used longest ago go until the
 * rest fit.
 */
import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { CodeKey, CodeStore } from "@leastaction/tensor";
import { defaultCacheFolder, openCache } from "./cache.ts";
import { codeStamp } from "./code-stamp.ts";

/** Where, and how much. */
export interface FileStoreOptions {
  /** Default: `programs` in the cache folder of `native`. */
  readonly folder?: string;
  /** Bytes of all entries at most; default 64 MiB. One entry takes a quarter of them at most. */
  readonly room?: number;
}

const digestBytes = 32;
/** Files that a crash left half written are removed after this many milliseconds. */
const abandoned = 3_600_000;

/**
 * A store for `wasm({ store })`: the next process that compiles the same program finds it done.
 *
 * Errors: the folder can be written by others, or cannot be made. What cannot be read or written later is left out.
 */
export function fileStore({ folder, room = 2 ** 26 }: FileStoreOptions = {}): CodeStore {
  const within = folder ?? programsIn(defaultCacheFolder());
  openCache(within);
  return {
    read: (key) => readEntry(path.join(within, nameOf(key))),
    write: (key, bytes) => {
      if (4 * bytes.length <= room) writeEntry(within, nameOf(key), bytes, room);
    },
  };
}

/** The folder of programs in a cache folder of `native`. */
export function programsIn(cacheFolder: string): string {
  return path.join(cacheFolder, "programs");
}

function nameOf(key: CodeKey): string {
  const digest = createHash("sha256").update(codeStamp());
  for (const part of key) {
    const bytes = typeof part === "string" ? Buffer.from(part) : part;
    digest.update(`\0${bytes.length}\0`).update(bytes);
  }
  return digest.digest("hex");
}

function readEntry(file: string): Uint8Array | undefined {
  try {
    const whole = readFileSync(file);
    const bytes = whole.subarray(digestBytes);
    if (!digestOf(bytes).equals(whole.subarray(0, digestBytes))) return undefined;
    const now = new Date();
    utimesSync(file, now, now);
    return bytes;
  } catch {
    return undefined;
  }
}

/** An entry that cannot be written is made again next time. */
function writeEntry(folder: string, name: string, bytes: Uint8Array, room: number): void {
  const beside = path.join(folder, `writing-${randomUUID()}`);
  try {
    evict(folder, room - bytes.length);
    writeFileSync(beside, Buffer.concat([digestOf(bytes), bytes]), { mode: 0o600 });
    renameSync(beside, path.join(folder, name));
  } catch {
    rmSync(beside, { force: true });
  }
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

/** Takes away entries, those used longest ago first, until the rest fit into `room` bytes. */
function evict(folder: string, room: number): void {
  const entries = readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    const found = statSync(file, { throwIfNoEntry: false });
    return found === undefined ? [] : [{ name, file, used: found.mtimeMs, bytes: found.size }];
  });
  const isLeft = ({ name, used }: { readonly name: string; readonly used: number }): boolean =>
    name.startsWith("writing-") && Date.now() - used > abandoned;
  let bytes = entries.reduce((sum, each) => sum + each.bytes, 0);
  for (const entry of entries.sort((a, b) => a.used - b.used)) {
    const mayGo = bytes > room && !entry.name.startsWith("writing-");
    if (!mayGo && !isLeft(entry)) continue;
    rmSync(entry.file, { force: true });
    bytes -= entry.bytes;
  }
}
