/**
 * Tables out of the arrays of a file.
 *
 * In: a tree of named arrays. Out: one source for each group that holds a table. Inside a group, vectors of one length
 * are columns under their own names; a matrix next to them gives its columns, or its rows where those have that length,
 * named after it (`X1`, `X2`), or by a list of words with one word for each; a matrix alone is a table without a header.
 * Lists (MATLAB cells, struct arrays) of one length run side by side: each position is one table, which is one
 * trajectory. What is no part of a table is named in the source's notes; a file without a table is an error.
 */

import { type ArrayColumn, arraySource, DataError, type TableSource } from "@leastaction/dynamics";
import type { ArrayNode, DataNode, GroupNode, ListNode } from "./data-tree.ts";
import { unsupported } from "./format-error.ts";

/** A file and its format, in the words of `TableSource.format`. */
export interface FileFacts {
  readonly file: string;
  readonly format: string;
}

interface NamedArray extends ArrayNode {
  readonly name: string;
}

/** A group without the groups and lists in it. */
interface FlatGroup {
  /** Place inside the file: `run1/arm`, `runs3`; empty for the whole file. */
  readonly path: string;
  readonly arrays: readonly NamedArray[];
  /** Things that hold no numbers: `z: complex numbers`. */
  readonly rest: readonly string[];
}

/** The tables of a tree. Errors: nothing in it is a table. */
export function tablesOf(root: GroupNode, facts: FileFacts): readonly TableSource[] {
  const groups = flatGroups(root, "");
  const tables = groups.flatMap((group) => tableOf(group, facts) ?? []);
  if (tables.length > 0) return tables;
  const found = groups.flatMap(({ arrays, rest }) => [...arrays.map(described), ...rest]);
  throw unsupported(
    facts.file,
    "arrays with one row for each time",
    found.length === 0 ? "none" : listed(found),
    "Save times and measurements as vectors of one length, or as a matrix with one row for each time.",
  );
}

function flatGroups(group: GroupNode, path: string): readonly FlatGroup[] {
  const inner = (name: string): string => (path === "" ? name : `${path}/${name}`);
  const arrays: NamedArray[] = [];
  const rest: string[] = [];
  const groups: FlatGroup[] = [];
  const lists: [string, ListNode][] = [];
  for (const [name, node] of group.entries) {
    if (node.kind === "array") arrays.push({ ...node, name });
    else if (node.kind === "none") rest.push(`${name}: ${node.what}`);
    else if (node.kind === "group") for (const each of flatGroups(node, inner(name))) groups.push(each);
    else lists.push([name, node]);
  }
  const own = arrays.length + rest.length === 0 ? [] : [{ path, arrays, rest }];
  return [...own, ...groups, ...besideEachOther(lists).flatMap(([name, node]) => flatGroups(node, inner(name)))];
}

/** Lists of one length as one group for each position. */
function besideEachOther(lists: readonly (readonly [string, ListNode])[]): readonly [string, GroupNode][] {
  const lengths = [...new Set(lists.map(([, { items }]) => items.length))];
  return lengths.flatMap((length) => {
    const together = lists.filter(([, { items }]) => items.length === length);
    const names = together.map(([name]) => name);
    const label = names.length === 1 || lengths.length > 1 ? names.join("+") : "";
    return Array.from({ length }, (_, index): [string, GroupNode] => {
      const entries = together.flatMap(([name, { items }]): (readonly [string, DataNode])[] => {
        const item = items[index] as DataNode;
        return item.kind === "group" ? [...item.entries] : [[name, item]];
      });
      return [`${label}${index + 1}`, { kind: "group", entries }];
    });
  });
}

/** The table of one group; null where it holds none. */
function tableOf({ path, arrays, rest }: FlatGroup, { file, format }: FileFacts): TableSource | null {
  const squeezed = arrays.map(squeeze);
  const usable = squeezed.filter(({ shape, values }) => values.length > 1 && shape.length <= 2);
  const rows = rowsOf(usable);
  if (rows < 2) return null;
  const used = usable.filter(({ shape }) => shape.includes(rows));
  refuseManyColumns(used, rows, file);
  const isAlone = used.length === 1;
  const isUsed = new Set(used);
  const lists = usable.filter((array) => isWords(array.values) && array.shape.length === 1 && !isUsed.has(array));
  const columns: ArrayColumn[] = [];
  const notes: string[] = [];
  const namesUsed = new Set<NamedArray>();
  for (const array of used) {
    const names = array.shape.length === 1 ? null : namesFor(array, widthOf(array, rows), lists);
    if (names !== null) namesUsed.add(names);
    if (isTurned(array, rows)) notes.push(`${array.name || "the array"}: each row is one column (${sizeOf(array)})`);
    columns.push(...columnsOf(array, rows, isAlone, names));
  }
  const left = squeezed.filter((array) => !isUsed.has(array) && !namesUsed.has(array)).map(described);
  if (left.length + rest.length > 0) notes.push(`not part of the table: ${listed([...left, ...rest])}`);
  const name = path === "" ? file : `${file}/${path}`;
  return arraySource(columns, { name, format, notes });
}

/** No table of measurements has so many; the columns of one are compared with each other. */
const mostColumns = 10_000;

function refuseManyColumns(arrays: readonly NamedArray[], rows: number, file: string): void {
  const columns = arrays.reduce((sum, array) => sum + widthOf(array, rows), 0);
  if (columns <= mostColumns) return;
  throw new DataError({
    code: "too-many-columns",
    file,
    expected: `at most ${mostColumns} columns of ${rows} rows`,
    found: `${columns}`,
    remedy: "Save times and measurements as vectors of one length, or as a matrix with one row for each time.",
  });
}

/** Without the dimensions of length one: MATLAB's n by 1 and 1 by n are vectors. */
function squeeze(array: NamedArray): NamedArray {
  const shape = array.shape.filter((length) => length !== 1);
  return shape.length === array.shape.length ? array : { ...array, shape };
}

function isWords(values: ArrayNode["values"]): values is readonly string[] {
  return typeof values[0] === "string";
}

/** The number of rows that takes in most numbers; the vectors decide, and matrices where there is none. */
function rowsOf(arrays: readonly NamedArray[]): number {
  const numeric = arrays.filter(({ values }) => !isWords(values));
  const vectors = numeric.filter(({ shape }) => shape.length === 1);
  const candidates = (vectors.length > 0 ? vectors : numeric).map(longSide);
  const weights = new Map<number, number>();
  for (const { shape, values } of arrays) {
    for (const rows of new Set(shape)) weights.set(rows, (weights.get(rows) ?? 0) + values.length);
  }
  const weight = (rows: number): number => weights.get(rows) ?? 0;
  return candidates.reduce((best, rows) => (weight(rows) > weight(best) ? rows : best), candidates[0] ?? 0);
}

/** The rows of a matrix; a matrix that is much wider than high is taken to hold one quantity in each row. */
function longSide({ shape }: NamedArray): number {
  const [rows = 0, columns = 1] = shape;
  return columns > 20 && columns > 4 * rows ? columns : rows;
}

function isTurned({ shape }: NamedArray, rows: number): boolean {
  return shape.length === 2 && shape[0] !== rows;
}

function widthOf(array: NamedArray, rows: number): number {
  return array.values.length / rows;
}

/** The words that name the columns of a matrix: one word for each. */
function namesFor(array: NamedArray, width: number, lists: readonly NamedArray[]): NamedArray | null {
  const fitting = lists.filter(({ values }) => values.length === width);
  return fitting.find(({ name }) => name.startsWith(array.name)) ?? fitting[0] ?? null;
}

function columnsOf(
  array: NamedArray,
  rows: number,
  isAlone: boolean,
  names: NamedArray | null,
): readonly ArrayColumn[] {
  const { name, values, shape, unit } = array;
  const suffix = unit === undefined || unit === "" || name.includes("[") ? "" : ` [${unit}]`;
  if (shape.length === 1) return [{ name: name + suffix, values }];
  const width = widthOf(array, rows);
  const title = (index: number): string => {
    if (names !== null) return String(names.values[index]).trim();
    return isAlone ? "" : `${name}${index + 1}${suffix}`;
  };
  // Column after column lies together in Fortran order, or in C order when the matrix is turned.
  const isTogether = (array.order === "F") !== isTurned(array, rows);
  return Array.from({ length: width }, (_, index) => ({
    name: title(index),
    values: isTogether ? piece(values, index * rows, rows) : strided(values, index, width, rows),
  }));
}

function piece(values: ArrayNode["values"], from: number, length: number): ArrayColumn["values"] {
  if (isWords(values)) return values.slice(from, from + length);
  return ArrayBuffer.isView(values)
    ? (values as Float64Array).subarray(from, from + length)
    : Float64Array.from({ length }, (_, row) => values[from + row] as number);
}

function strided(values: ArrayNode["values"], from: number, stride: number, length: number): ArrayColumn["values"] {
  if (isWords(values)) return Array.from({ length }, (_, row) => values[from + row * stride] as string);
  const column = new Float64Array(length);
  for (let row = 0; row < length; row++) column[row] = values[from + row * stride] as number;
  return column;
}

function described(array: NamedArray): string {
  return `${array.name || "an array"} (${sizeOf(array)})`;
}

function sizeOf({ shape, values }: NamedArray): string {
  const what = isWords(values) ? "word" : "number";
  return shape.length === 0 ? `one ${what}` : `${shape.join(" x ")} ${what}s`;
}

function listed(things: readonly string[]): string {
  const shown = things.slice(0, 12).join(", ");
  return things.length > 12 ? `${shown} and ${things.length - 12} more` : shown;
}
