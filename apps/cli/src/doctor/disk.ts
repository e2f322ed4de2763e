/** Folders that are written: where runs go, the system's for temporary files, that of compiled code. */
import { access, mkdtemp, rmdir, statfs } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { writeFault } from "../write-fault.ts";
import { bytesInWords } from "./bytes-in-words.ts";
import type { Finding } from "./finding.ts";

/** A folder that is written, and what for. */
interface Place {
  readonly name: string;
  readonly folder: string;
  /** Whether it is made where it is missing. */
  readonly isMade: boolean;
  readonly needed: boolean;
  readonly purpose: string;
  /** Bytes that should be free. */
  readonly room: number;
  readonly remedy: string;
}

const runRoom = 2 ** 27;

/** @param cwd where `runs` is, or will be */
export function runFolderFinding(cwd: string): Promise<Finding> {
  return placeFinding({
    name: "run folder",
    folder: path.join(cwd, "runs"),
    isMade: true,
    needed: true,
    purpose: `takes what fit writes: a few MB for each run, ${bytesInWords(runRoom)} is plenty`,
    room: runRoom,
    remedy: "Make room or change its permissions, call from another folder, or name one with --out.",
  });
}

export function temporaryFolderFinding(folder: string = os.tmpdir()): Promise<Finding> {
  return placeFinding({
    name: "temporary folder",
    folder,
    isMade: false,
    needed: false,
    purpose: "saves a result whose run folder fails in the end",
    room: runRoom,
    remedy: "Make room in it, or set TMPDIR to another folder.",
  });
}

/** The folder of compiled code; a package of machine code that is missing has none. */
export async function codeCacheFinding(
  load: () => Promise<Pick<typeof import("@leastaction/native"), "defaultCacheFolder" | "fileStore">> = () =>
    import("@leastaction/native"),
): Promise<Finding> {
  const place = {
    name: "code cache",
    needed: false,
    purpose: "keeps compiled programs, 320 MB at most, so that the next call starts at once",
    room: 2 ** 29,
  };
  const remedy = "Set XDG_CACHE_HOME to a folder that only you can write; all works without, a little later.";
  try {
    const { defaultCacheFolder, fileStore } = await load();
    fileStore();
    return await placeFinding({ ...place, folder: defaultCacheFolder(), isMade: true, remedy });
  } catch (error) {
    const found = (error as Error).message.split("\n")[0] ?? "";
    return { ...place, state: "poor", found, remedy, facts: { folder: null, free: null } };
  }
}

async function placeFinding({ name, folder, isMade, needed, purpose, room, remedy }: Place): Promise<Finding> {
  const there = isMade ? await nearestFolder(folder) : folder;
  const free = await statfs(there).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
  const fault = await faultOf(there);
  const isFull = free !== null && free < room;
  const state =
    fault !== null || (free !== null && free < room / 16) ? (needed ? "missing" : "poor") : isFull ? "poor" : "ok";
  return {
    name,
    state,
    needed,
    found: `${folder}, ${fault ?? (free === null ? "can be written" : `${bytesInWords(free)} free`)}`,
    purpose,
    remedy: state === "ok" ? null : remedy,
    facts: { folder, free, writable: fault === null },
  };
}

/** Why a folder cannot be written, or null: a folder is made in it and removed, as permissions alone do not tell. */
async function faultOf(folder: string): Promise<string | null> {
  try {
    await rmdir(await mkdtemp(path.join(folder, ".leastaction-doctor-")));
    return null;
  } catch (error) {
    return `cannot be written: ${writeFault(error).found}`;
  }
}

/** The folder itself, or the nearest above it that is there: one that is missing will be made. */
async function nearestFolder(folder: string): Promise<string> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  return isThere || path.dirname(folder) === folder ? folder : nearestFolder(path.dirname(folder));
}
