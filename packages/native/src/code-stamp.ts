/**
 * A digest that differs where the code of this package or of `@leastaction/tensor` may differ: what they make of one
 * program is not the same from one version to the next.
 *
 * Files are told apart by name and contents: 240 of them take 5 to 15 ms, once in a process. Times and sizes take as long,
 * and archives give all files one time. Code that was bundled into one file is that file.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { codeUrl } from "@leastaction/tensor/lower";

let made: string | undefined;

/** The digest of the code that runs; made once in a process. */
export function codeStamp(): string {
  made ??= stampOf([partOf(codeUrl, "lower/code-url"), partOf(import.meta.url, "code-stamp")]);
  return made;
}

/** The folder of code that holds a file of this name, or the file where it has another. */
export function partOf(url: string, name: string): string {
  const file = fileURLToPath(url);
  const stem = file.slice(0, -path.extname(file).length);
  const folder = stem.slice(0, -name.length);
  return stem.endsWith(`${path.sep}${name.replaceAll("/", path.sep)}`) ? folder : file;
}

/** A digest of files, and of all code below folders. */
export function stampOf(parts: readonly string[]): string {
  const digest = createHash("sha256");
  for (const part of parts) {
    for (const file of statSync(part).isDirectory() ? filesBelow(part) : [part]) {
      const contents = readFileSync(file);
      digest.update(`\0${path.relative(part, file)}\0${contents.length}\0`).update(contents);
    }
  }
  return digest.digest("hex");
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter(
    (entry) => entry.isFile() && /\.[jt]s$/.test(entry.name) && !/\.(d|test)\.ts$/.test(entry.name),
  );
  return files.map(({ parentPath, name }) => path.join(parentPath, name)).sort();
}
