/**
 * HDF5 files, and MATLAB files of version 7.3, which are HDF5 inside.
 *
 * In: the bytes of the file. Out: sources: the data sets of one length in a group are one table, units are taken from
 * the attribute `units` or `unit`. The HDF5 library (h5wasm, 4 MB) is loaded by the first call only. What a data set or
 * an attribute claims to hold is checked against the file before it is read, and all that is read against
 * `largestUnpacked`. A group is read once, whatever links lead to it, so that no circle of links is followed.
 */

import { DataError, type TableSource } from "@leastaction/dynamics";
import type * as Library from "h5wasm";
import { tablesOf } from "./array-tables.ts";
import type { ArrayNode, DataNode, FileArrays, GroupNode } from "./data-tree.ts";
import { truncated, unsupported } from "./format-error.ts";
import { largestExpansion, largestUnpacked, tooLarge } from "./unpack.ts";

type Dataset = Library.Dataset;
type Entity = Library.Entity;

const deepest = 30;

/** What the walk through a file carries along. */
interface Walk {
  readonly library: typeof Library;
  readonly isMatlab: boolean;
  readonly length: number;
  readonly file: string;
  /** Where the groups and lists that were met lie in the file. */
  readonly seen: Set<string>;
  /** Bytes that may still be read. */
  readonly left: { bytes: number };
}

let counter = 0;

/** Whether a damaged file has broken the library: it cannot be loaded a second time. */
let isStopped = false;

/** What reads the arrays of an HDF5 file: `hdf5Arrays`, or one that runs it in a thread of its own, which can be ended. */
export type Hdf5Reader = (bytes: Uint8Array, file: string) => Promise<FileArrays>;

/**
 * The tables of an HDF5 file.
 * @param bytes the whole file
 * @param file its name, for messages
 * @param arraysOf what reads its arrays
 * @throws DataError when it is damaged or holds no table
 */
export async function readHdf5(
  bytes: Uint8Array,
  file: string,
  arraysOf: Hdf5Reader = hdf5Arrays,
): Promise<readonly TableSource[]> {
  const { root, format } = await arraysOf(bytes, file);
  return tablesOf(root, { file, format });
}

/**
 * All that an HDF5 file holds, as plain data, which may be sent from thread to thread. A damaged file can make the
 * library never end, or ask for 2 GB: who reads the files of strangers calls this in a thread that can be ended.
 * @param bytes the whole file
 * @param file its name, for messages
 * @throws DataError when it is damaged
 */
export async function hdf5Arrays(bytes: Uint8Array, file: string): Promise<FileArrays> {
  if (isStopped) throw stopped(file);
  const library = await import("h5wasm");
  const { FS, activate_throwing_error_handler: throwErrors } = await library.ready;
  // Without it, the library tells its errors to the terminal.
  throwErrors();
  const isMatlab = new TextDecoder("latin1").decode(bytes.subarray(0, 10)) === "MATLAB 7.3";
  counter += 1;
  const place = `/${counter}.h5`;
  FS.writeFile(place, bytes);
  let opened: Library.File | null = null;
  try {
    opened = new library.File(place, "r");
    if (opened.file_id < 0n) throw new Error("an end before the end of its data");
    const { length } = bytes;
    const walk = { library, isMatlab, length, file, seen: new Set<string>(), left: { bytes: largestUnpacked(length) } };
    return { root: readGroup(opened, walk, 0), format: isMatlab ? "MATLAB" : "HDF5" };
  } catch (error) {
    if (error instanceof DataError) throw error;
    noteFault(error);
    throw truncated(file, "a whole HDF5 file", reasonOf(error));
  } finally {
    discard(() => opened?.close());
    discard(() => FS.unlink(place));
  }
}

/** Whether a damaged file has broken the HDF5 library of this thread or page, which then reads no other. */
export function isHdf5Broken(): boolean {
  return isStopped;
}

/** A fault of the machine code, not an error that the library tells: what it holds is no longer to be trusted. */
function noteFault(error: unknown): void {
  if (error instanceof WebAssembly.RuntimeError) isStopped = true;
}

function stopped(file: string): DataError {
  return unsupported(
    file,
    "an HDF5 library in working order",
    "one that an earlier, damaged file has stopped",
    "Start the program again, or load the page again, and leave the damaged file out.",
  );
}

/** The innermost of the library's reasons, which it lists from the outermost one on. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  const innermost = [...message.matchAll(/^ +#\d+: .* in \w+\(\): (.*)$/gm)].at(-1);
  return innermost?.[1] ?? message;
}

/** Lets go of what is left of a file; a damaged one cannot always be closed. */
function discard(close: () => void): void {
  try {
    close();
  } catch (error) {
    // What was wrong with the file is told already.
    noteFault(error);
  }
}

function readGroup(group: Library.Group, walk: Walk, depth: number): GroupNode {
  if (isSeen(group, walk)) return { kind: "group", entries: [] };
  // Names with # are MATLAB's own bookkeeping.
  const names = group.keys().filter((name) => !(walk.isMatlab && name.startsWith("#")));
  const entries = names.map((name): readonly [string, DataNode] => [name, readEntity(group.get(name), walk, depth)]);
  return { kind: "group", entries };
}

function readEntity(entity: Entity | null, walk: Walk, depth: number): DataNode {
  const { library } = walk;
  if (depth > deepest) return { kind: "none", what: "too deep" };
  if (entity instanceof library.Group) return readGroup(entity, walk, depth + 1);
  return entity instanceof library.Dataset ? readDataset(entity, walk, depth) : { kind: "none", what: "a link" };
}

/** Whether a group or a list was met already, under this or another name. */
function isSeen(entity: Library.Group | Dataset, { seen }: Walk): boolean {
  const place = entity.create_reference().ref_data.join();
  const isOld = seen.has(place);
  seen.add(place);
  return isOld;
}

function readDataset(dataset: Dataset, walk: Walk, depth: number): DataNode {
  const { shape } = dataset.metadata;
  if (shape === null || shape === undefined) return { kind: "none", what: "nothing" };
  const attributes = dataset.attrs;
  if (walk.isMatlab && "MATLAB_empty" in attributes) return { kind: "none", what: "nothing" };
  const claimed = claimOf(dataset);
  if (claimed > (isCompressed(dataset) ? largestExpansion : 1) * walk.length) {
    return { kind: "none", what: `${claimed} bytes, more than the file holds` };
  }
  walk.left.bytes -= claimed;
  if (walk.left.bytes < 0) throw tooLarge(walk.file, "more", "Unpack it first, if you trust it: h5repack -f NONE.");
  const { value } = dataset;
  if (Array.isArray(value) && value[0] instanceof walk.library.Reference) {
    if (isSeen(dataset, walk)) return { kind: "list", items: [] };
    const items = value.map((item) =>
      readEntity(dataset.dereference(item as Library.Reference) as unknown as Entity, walk, depth + 1),
    );
    return { kind: "list", items };
  }
  const unit = wordIn(attributes.units, walk) ?? wordIn(attributes.unit, walk);
  const node = nodeOf(value, shape, dataset, unit === null ? {} : { unit });
  return node.kind === "array" && walk.isMatlab ? matlabArray(node, wordIn(attributes.MATLAB_class, walk)) : node;
}

/** Bytes that reading a data set takes: its elements, or the largest piece in which they are stored. */
function claimOf({ metadata }: Dataset): number {
  const bytesOf = (shape: readonly number[] | null | undefined): number =>
    (shape ?? []).reduce((product, length) => product * length, metadata.size);
  return Math.max(bytesOf(metadata.shape), bytesOf(metadata.chunks));
}

/** Filters that leave the number of bytes as it is: shuffle and checksum. */
const plainFilters: ReadonlySet<number> = new Set([2, 3]);

function isCompressed({ filters }: Dataset): boolean {
  return filters.some(({ id }) => !plainFilters.has(id));
}

function nodeOf(
  value: unknown,
  shape: readonly number[],
  dataset: Dataset,
  unit: { readonly unit?: string },
): DataNode {
  const { compound_type: compound } = dataset.metadata;
  if (compound !== undefined && Array.isArray(value)) return recordsOf(value as unknown[][], compound.members, shape);
  const values = valuesOf(value, (dataset.metadata as { littleEndian?: boolean }).littleEndian !== false);
  const count = shape.reduce((product, length) => product * length, 1);
  if (values?.length !== count) return { kind: "none", what: "neither numbers nor words" };
  return { kind: "array", shape: [...shape], values, order: "C", ...unit };
}

/** Records as a group of their members. */
function recordsOf(
  records: readonly unknown[][],
  members: readonly { readonly name: string }[],
  shape: readonly number[],
): DataNode {
  const entries = members.map(({ name }, index): readonly [string, DataNode] => {
    const cells = records.map((record) => record[index]);
    const inner = Array.isArray(cells[0]) ? [cells[0].length] : [];
    const values = valuesOf(inner.length === 0 ? cells : cells.flat(), true);
    if (values === null) return [name, { kind: "none", what: "neither numbers nor words" }];
    return [name, { kind: "array", shape: [...shape, ...inner], values, order: "C" }];
  });
  return { kind: "group", entries };
}

function valuesOf(value: unknown, isLittle: boolean): ArrayNode["values"] | null {
  if (typeof value === "string") return [value];
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return [Number(value)];
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) return Float64Array.from(value, Number);
  if (ArrayBuffer.isView(value)) return value as Float64Array;
  if (!Array.isArray(value) || value.length === 0) return null;
  if (value.every((each) => typeof each === "string")) return value as string[];
  const isNumber = value.every((each) => ["number", "bigint", "boolean"].includes(typeof each));
  return isNumber && isLittle ? Float64Array.from(value as number[], Number) : null;
}

/** MATLAB writes its columns as the rows of HDF5, and words as numbers of characters. */
function matlabArray(node: ArrayNode, kind: string | null): DataNode {
  const shape = [...node.shape].reverse();
  if (kind !== "char") return { ...node, shape, order: "F" };
  const [rows = 1, width = 0] = shape;
  const words = Array.from({ length: rows }, (_, row) => {
    const codes = Uint16Array.from({ length: width }, (__, index) => Number(node.values[row + index * rows]));
    return new TextDecoder("utf-16le").decode(codes).trimEnd();
  });
  return { ...node, shape: [rows], values: words };
}

/** The word in an attribute; attributes are never compressed. */
function wordIn(attribute: Library.Attribute | undefined, walk: Walk): string | null {
  if (attribute === undefined) return null;
  const { size, total_size: count } = attribute.metadata;
  if (size * count > walk.length) return null;
  const { value } = attribute;
  return typeof value === "string" ? value : Array.isArray(value) && typeof value[0] === "string" ? value[0] : null;
}
