/** Files that the user named: their content, or a message with the remedy. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { CommandError } from "../command-error.ts";

/** A file as it was found. */
export interface InputFile {
  /** As the user wrote it. */
  readonly name: string;
  /** Absolute. */
  readonly full: string;
  /** Bytes. */
  readonly length: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
  /** The content; null for a file so long that it is read in pieces. */
  readonly bytes: Uint8Array | null;
}

/** Files longer than this are read in pieces. */
const longest = 256e6;

/** Small, so that what is left of earlier pieces never fills the memory. */
const pieceBytes = 1 << 18;

/**
 * Reads `name`, relative to `cwd`. Errors (status 3): no such file, a folder, not readable.
 * @param kind `stored`: devices and pipes, which may never end, are refused; for names that a file says, not the user
 */
export async function readInput(name: string, cwd: string, kind: "any" | "stored" = "any"): Promise<InputFile> {
  const full = path.resolve(cwd, name);
  return explained(name, async () => {
    const { size, isFile, isFolder } = await statOf(full);
    if (kind === "stored" && !isFile && !isFolder) throw Object.assign(new Error(name), { code: "device" });
    if (isFile && size > longest) return { name, full, length: size, sha256: hashOfPieces(full), bytes: null };
    const bytes = await readFile(full);
    return { name, full, length: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex"), bytes };
  });
}

/** The whole content, however long. Errors (status 3): not readable, more than the language can hold (2 GB). */
export async function wholeInput({ name, full, bytes }: InputFile): Promise<Uint8Array> {
  return bytes ?? explained(name, () => readFile(full));
}

/** The content piece by piece, from the start at each call; a piece is used again for the next one. */
export function* piecesOf(full: string): Generator<Uint8Array> {
  const opened = openSync(full, "r");
  try {
    const piece = new Uint8Array(pieceBytes);
    for (let count = readSync(opened, piece); count > 0; count = readSync(opened, piece))
      yield piece.subarray(0, count);
  } finally {
    closeSync(opened);
  }
}

async function statOf(
  full: string,
): Promise<{ readonly size: number; readonly isFile: boolean; readonly isFolder: boolean }> {
  const found = await stat(full);
  return { size: found.size, isFile: found.isFile(), isFolder: found.isDirectory() };
}

function hashOfPieces(full: string): string {
  const hash = createHash("sha256");
  for (const piece of piecesOf(full)) hash.update(piece);
  return hash.digest("hex");
}

async function explained<Result>(name: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const [found, remedy] = problems[code] ?? [code, "Check its permissions."];
    throw new CommandError(`Cannot read ${name}: expected a file, got ${found}`, remedy, "unreadable-data");
  }
}

const problems: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ["no file of that name", "Check the path; relative paths start from the current folder."],
  ENOTDIR: ["no file of that name", "Check the path: a part of it is a file."],
  EISDIR: ["a folder", "Name a table."],
  device: ["a device or a pipe", "Name a file that is stored on a disk."],
  EACCES: ["a file that may not be read", "Check its permissions."],
  ERR_FS_FILE_TOO_LARGE: ["more than 2 GB of a format that is read whole", "Save it in parts, or as text."],
};
