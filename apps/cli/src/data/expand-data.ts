/**
 * DATA of a call, as files: files stay, a folder gives the tables in it, a pattern what it matches. Sorted as people sort
 * (`run2` before `run10`), each file once.
 */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { CommandError } from "../command-error.ts";
import { filesMatching, isPattern } from "./glob.ts";

/** The files of a call, as they are to be named in messages, and what was passed over in folders. */
export interface ExpandedData {
  readonly files: readonly string[];
  readonly passedOver: readonly string[];
}

/** Endings of tables: what is read from a folder without being named. */
const tables = /\.(csv|tsv|tab|txt|dat|asc|npy|npz|parquet|pq|h5|hdf5|hdf|mat|nc)(\.gz)?$/i;
/** Texts beside the data. */
const texts = /^(readme|licen[cs]e|copying|notes?|changelog|authors|citation)\b/i;

/** Errors (status 3): no such file, a folder without tables, a pattern without matches. */
export async function expandData(names: readonly string[], cwd: string): Promise<ExpandedData> {
  const found = await Promise.all(names.map((name) => expandOne(name, cwd)));
  const collator = new Intl.Collator("en", { numeric: true });
  const seen = new Set<string>();
  const files = found
    .flatMap((each) => each.files)
    .filter((name) => {
      const full = path.resolve(cwd, name);
      return seen.has(full) ? false : seen.add(full) !== null;
    });
  return {
    files: files.sort((a, b) => collator.compare(a, b) || (a < b ? -1 : 1)),
    passedOver: found.flatMap((each) => each.passedOver),
  };
}

async function expandOne(name: string, cwd: string): Promise<ExpandedData> {
  const there = await stat(path.resolve(cwd, name)).catch(() => null);
  if (there?.isDirectory() === true) return filesIn(name, cwd);
  if (there !== null || !isPattern(name)) return { files: [name], passedOver: [] };
  const files = await filesMatching(name, cwd);
  if (files.length > 0) return { files, passedOver: [] };
  throw cannot(
    name,
    "files that match",
    "none",
    "Check the pattern; `*` matches within one folder, `**` in all below.",
  );
}

async function filesIn(folder: string, cwd: string): Promise<ExpandedData> {
  const entries = await readdir(path.resolve(cwd, folder), { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith(".")).map(({ name }) => name);
  const isTable = (name: string): boolean => tables.test(name) && !texts.test(name);
  const inside = (name: string): string => path.join(folder, name);
  const files = names.filter(isTable).map(inside);
  if (files.length > 0) return { files, passedOver: names.filter((name) => !isTable(name)).map(inside) };
  const others = names.length === 0 ? "none" : names.slice(0, 5).join(", ");
  const deeper = entries.some((entry) => entry.isDirectory()) ? ` To read folders below: "${inside("**/*.csv")}".` : "";
  throw cannot(folder, "tables in the folder", others, `Name the files themselves, whatever their endings.${deeper}`);
}

function cannot(name: string, expected: string, found: string, remedy: string): CommandError {
  return new CommandError(`Cannot read ${name}: expected ${expected}, got ${found}`, remedy, "unreadable-data");
}
