// The source files of the repository and what each one imports, read with the compiler's own scanner.
//
// In: a root folder. Out: paths relative to it, with forward slashes. Build output and dependencies are never listed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const hidden = new Set(["node_modules", "dist", "fixtures", ".git", ".venv", "coverage", "runs"]);

/**
 * Every file below `folder` (relative to `root`) whose name ends in one of `endings`, sorted.
 * @param {string} root
 * @param {string} folder
 * @param {readonly string[]} endings
 * @returns {string[]}
 */
export function listFiles(root, folder, endings) {
  const place = path.join(root, folder);
  if (!existsSync(place)) return [];
  return readdirSync(place, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) return hidden.has(entry.name) ? [] : listFiles(root, name, endings);
      return endings.some((ending) => entry.name.endsWith(ending)) ? [name] : [];
    });
}

/**
 * The specifiers of all imports and re-exports of a file: static and dynamic, of values and of types.
 * @param {string} file
 * @returns {string[]}
 */
export function importsOf(file) {
  const scanned = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
  return scanned.importedFiles.map((reference) => reference.fileName);
}

/**
 * Whether a file is a test or exists only for tests; such files may import whatever they need.
 * @param {string} file
 * @returns {boolean}
 */
export function isTestFile(file) {
  return file.endsWith(".test.ts") || file.split("/").includes("testing");
}
