/** NPZ: a zip archive of NumPy arrays by name, as numpy.savez and numpy.savez_compressed write it. */

import type { DataError, TableSource } from "@leastaction/dynamics";
import { tablesOf } from "./array-tables.ts";
import type { DataNode } from "./data-tree.ts";
import { unsupported } from "./format-error.ts";
import { decodeNpy } from "./npy.ts";
import { unzip } from "./zip.ts";

/**
 * The tables of an NPZ file; names with a slash are groups, so that `run1/t` and `run2/t` make two tables.
 * @param bytes the whole file
 * @param file its name, for messages
 * @throws DataError when it is damaged, foreign, or holds no table
 */
export function readNpz(bytes: Uint8Array, file: string): readonly TableSource[] {
  const seen: string[] = [];
  const unpacked = unzip(bytes, file, (name) => {
    if (seen.length < 100) seen.push(name);
    return name.endsWith(".npy");
  });
  const members = Object.entries(unpacked);
  if (members.length === 0) throw noArrays(seen, file);
  const root = new Folder();
  for (const [member, content] of members) {
    root.put(placeOf(member), decodeNpy(content, `${file}/${member}`));
  }
  return tablesOf(root.node(), { file, format: "NPZ" });
}

/** Folders deeper than this are no folders any more, but names with slashes. */
const deepest = 30;

function placeOf(member: string): readonly string[] {
  const parts = member.slice(0, -".npy".length).split("/");
  return parts.length <= deepest ? parts : [...parts.slice(0, deepest - 1), parts.slice(deepest - 1).join("/")];
}

/**
 * The table of an NPY file.
 * @param bytes the whole file
 * @param file its name, for messages
 * @throws DataError when it is damaged, foreign, or holds no table
 */
export function readNpy(bytes: Uint8Array, file: string): readonly TableSource[] {
  const node = decodeNpy(bytes, file);
  return tablesOf(node.kind === "group" ? node : { kind: "group", entries: [["", node]] }, { file, format: "NPY" });
}

/** Names with slashes as a tree. */
class Folder {
  readonly #entries: Map<string, DataNode | Folder> = new Map();

  put([first = "", ...rest]: readonly string[], node: DataNode): void {
    if (rest.length === 0) {
      this.#entries.set(first, node);
      return;
    }
    const found = this.#entries.get(first);
    const folder = found instanceof Folder ? found : new Folder();
    this.#entries.set(first, folder);
    folder.put(rest, node);
  }

  node(): DataNode & { readonly kind: "group" } {
    const entries = [...this.#entries].map(([name, held]): readonly [string, DataNode] => [
      name,
      held instanceof Folder ? held.node() : held,
    ]);
    return { kind: "group", entries };
  }
}

function noArrays(seen: readonly string[], file: string): DataError {
  const isWorkbook = seen.some((name) => name.startsWith("xl/"));
  return unsupported(
    file,
    "an archive of .npy arrays",
    isWorkbook ? "an Excel workbook" : `an archive of ${seen.slice(0, 3).join(", ") || "nothing"}`,
    isWorkbook ? "Save it as CSV in the program that made it." : "Unpack it and name the tables in it.",
  );
}
