/**
 * MATLAB files of version 5 (and 6 and 7, which compress their elements): numbers, logicals, words, cells and structs.
 *
 * In: the bytes of the file. Out: sources. Lengths are checked against the bytes that are there before anything is
 * allocated. What holds no plain numbers (complex and sparse arrays, tables, time tables and other objects) is named
 * in the notes of what else is read, or in the error.
 *
 * Source: The MathWorks, "MAT-File Format", R2019b, chapter 1, "Level 5 MAT-File Format".
 */

import { DataError, type TableSource } from "@leastaction/dynamics";
import { Unzlib } from "fflate";
import { tablesOf } from "./array-tables.ts";
import type { ArrayNode, DataNode, GroupNode } from "./data-tree.ts";
import { truncated, unsupported } from "./format-error.ts";
import { largestExpansion, largestUnpacked, tooLarge, unpack } from "./unpack.ts";

const headerSize = 128;
const matrixType = 14;
const compressedType = 15;
const deepest = 30;

/** Bytes of one kind: a whole file, or an element that was compressed. */
interface Source {
  readonly view: DataView;
  readonly isLittle: boolean;
  readonly file: string;
}

/** What may still be unpacked. */
interface Room {
  left: number;
}

/** One element: its type and where its data lie. */
interface Element {
  readonly type: number;
  readonly start: number;
  readonly end: number;
  /** Where the next element begins. */
  readonly next: number;
}

/**
 * The tables of a MATLAB file: variables and fields of one length side by side; cells and struct arrays are one table
 * for each element.
 * @param bytes the whole file
 * @param file its name, for messages
 * @throws DataError when it is damaged, foreign, or holds no table
 */
export function readMatlab(bytes: Uint8Array, file: string): readonly TableSource[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < headerSize) throw truncated(file, `a header of ${headerSize} bytes`, `${bytes.length}`);
  const mark = view.getUint16(126, true);
  if (mark !== 0x4d49 && mark !== 0x494d) throw foreign(file);
  const isLittle = mark === 0x4d49;
  const source = { view, isLittle, file };
  const room = { left: largestUnpacked(bytes.length) };
  const entries: (readonly [string, DataNode])[] = [];
  for (let at = headerSize; at + 8 <= bytes.length; ) {
    const element = readElement(source, at, bytes.length);
    const variable = readVariable(source, element, room);
    // Variables without a name are MATLAB's own bookkeeping.
    if (variable !== null && variable[0] !== "") entries.push(variable);
    at = element.next;
  }
  return tablesOf({ kind: "group", entries }, { file, format: "MATLAB" });
}

function readVariable(source: Source, element: Element, room: Room): readonly [string, DataNode] | null {
  if (element.type === matrixType) return readMatrix(source, element, 0);
  if (element.type !== compressedType) return null;
  const { view, isLittle, file } = source;
  const packed = new Uint8Array(view.buffer, view.byteOffset + element.start, element.end - element.start);
  const bytes = inflate(packed, source, room);
  const inner = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), isLittle, file };
  const first = readElement(inner, 0, bytes.length);
  return first.type === matrixType ? readMatrix(inner, first, 0) : null;
}

/**
 * The bytes of a compressed element: as many as its own tag says, checked against what so few bytes can hold.
 * @param room bytes that may still be unpacked of this file
 */
function inflate(packed: Uint8Array, { isLittle, file }: Source, room: Room): Uint8Array {
  let bytes = new Uint8Array(8);
  let [filled, size] = [0, 8];
  const take = (piece: Uint8Array): boolean => {
    for (let from = 0; from < piece.length && filled < size; ) {
      const taken = Math.min(piece.length - from, size - filled);
      bytes.set(piece.subarray(from, from + taken), filled);
      filled += taken;
      from += taken;
      if (filled !== 8 || size !== 8) continue;
      size = 8 + new DataView(bytes.buffer).getUint32(4, isLittle);
      if (size > largestExpansion * packed.length + 1024) {
        throw truncated(file, `an element of ${size} bytes`, `${packed.length} compressed bytes`);
      }
      room.left -= size;
      if (room.left < 0) throw tooLarge(file, "more", "Save it again without compression: save(file, '-v6').");
      const whole = new Uint8Array(size);
      whole.set(bytes);
      bytes = whole;
    }
    return filled < size;
  };
  try {
    unpack(new Unzlib(), packed, take);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw truncated(file, "a whole compressed element", (error as Error).message);
  }
  if (filled < size) throw truncated(file, `an element of ${size} bytes`, `${filled}`);
  return bytes;
}

function readElement({ view, isLittle, file }: Source, at: number, limit: number): Element {
  if (at + 8 > limit) throw truncated(file, "an element", `${limit - at} bytes`);
  const word = view.getUint32(at, isLittle);
  const small = word >>> 16;
  if (small > 0) {
    if (small > 4) throw truncated(file, "a small element of at most 4 bytes", `${small}`);
    return { type: word & 0xffff, start: at + 4, end: at + 4 + small, next: at + 8 };
  }
  const size = view.getUint32(at + 4, isLittle);
  const end = at + 8 + size;
  if (end > limit) throw truncated(file, `an element of ${size} bytes`, `${limit - at - 8}`);
  // Compressed elements are not padded.
  const next = word === compressedType ? end : Math.min(limit, end + ((8 - (size % 8)) % 8));
  return { type: word, start: at + 8, end, next };
}

const classes = { cell: 1, struct: 2, object: 3, char: 4, sparse: 5, double: 6, uint64: 15 } as const;

/** Name and content of a matrix element. */
function readMatrix(source: Source, element: Element, depth: number): readonly [string, DataNode] {
  if (element.end === element.start) return ["", { kind: "none", what: "nothing" }];
  if (depth > deepest)
    throw unsupported(
      source.file,
      `at most ${deepest} nested cells and structs`,
      "more",
      "Save the arrays themselves.",
    );
  const flagsAt = readElement(source, element.start, element.end);
  const flags = source.view.getUint32(flagsAt.start, source.isLittle);
  const kind = flags & 0xff;
  if (kind > classes.uint64) return readObject(source, flagsAt.next, element.end);
  const dimensions = readElement(source, flagsAt.next, element.end);
  const shape = shapeOf(source, dimensions);
  const named = readElement(source, dimensions.next, element.end);
  const name = textOf(source, named);
  const count = shape.reduce((product, length) => product * length, 1);
  const body = { source, at: named.next, end: element.end, shape, count, depth };
  if (kind === classes.cell) return [name, { kind: "list", items: readMany(body, count) }];
  if (kind === classes.struct) return [name, readStruct(body)];
  if (kind === classes.object) return [name, { kind: "none", what: "an object" }];
  if (kind === classes.sparse) return [name, { kind: "none", what: "a sparse array" }];
  if ((flags & 0x0800) !== 0) return [name, { kind: "none", what: "complex numbers" }];
  return [name, kind === classes.char ? readWords(body) : readNumbers(body)];
}

function shapeOf(source: Source, element: Element): readonly number[] {
  const shape = [...numbersOf(source, element)];
  if (shape.length <= 32 && shape.every((length) => Number.isSafeInteger(length) && length >= 0)) return shape;
  throw truncated(source.file, "at most 32 dimensions with whole numbers", shape.slice(0, 8).join(" x "));
}

/** What follows the name of a matrix. */
interface Body {
  readonly source: Source;
  readonly at: number;
  readonly end: number;
  readonly shape: readonly number[];
  readonly count: number;
  readonly depth: number;
}

/** Tables, time tables, strings and other objects: a name and then nothing that is documented. */
function readObject(source: Source, at: number, end: number): readonly [string, DataNode] {
  const name = textOf(source, readElement(source, at, end));
  return [name, { kind: "none", what: "a MATLAB object (a table is saved by table2struct(T, 'ToScalar', true))" }];
}

function readMany({ source, at, end, depth }: Body, count: number): readonly DataNode[] {
  if (8 * count > end - at) throw truncated(source.file, `${count} elements`, `${end - at} bytes`);
  const items: DataNode[] = [];
  for (let next = at; items.length < count; ) {
    const element = readElement(source, next, end);
    items.push(readMatrix(source, element, depth + 1)[1]);
    next = element.next;
  }
  return items;
}

function readStruct(body: Body): DataNode {
  const { source, at, end, count } = body;
  const lengthAt = readElement(source, at, end);
  const [length = 0] = numbersOf(source, lengthAt);
  const namesAt = readElement(source, lengthAt.next, end);
  const all = textOf(source, namesAt, false);
  if (length < 1) throw truncated(source.file, "the length of field names", `${length}`);
  const names = Array.from({ length: Math.floor(all.length / length) }, (_, index) =>
    all.slice(index * length, (index + 1) * length).replace(/\0.*$/s, ""),
  );
  if (names.length === 0) return { kind: "none", what: "nothing" };
  const values = readMany({ ...body, at: namesAt.next }, names.length * count);
  const items = Array.from({ length: count }, (_, item): GroupNode => {
    return {
      kind: "group",
      entries: names.map((name, index) => [name, values[item * names.length + index] as DataNode]),
    };
  });
  return items.length === 1 ? (items[0] as GroupNode) : { kind: "list", items };
}

function readNumbers({ source, at, end, shape, count }: Body): DataNode {
  const values = numbersOf(source, readElement(source, at, end));
  if (values.length !== count) {
    throw truncated(source.file, `${count} numbers (${shape.join(" x ")})`, `${values.length}`);
  }
  return { kind: "array", shape, values, order: "F" };
}

/** A matrix of characters: one word for each row, blanks at the end taken away. */
function readWords({ source, at, end, shape, count }: Body): ArrayNode {
  const text = count === 0 ? "" : textOf(source, readElement(source, at, end), false);
  const [rows = 0] = shape;
  if (text.length !== count)
    throw truncated(source.file, `${count} characters (${shape.join(" x ")})`, `${text.length}`);
  const words = Array.from({ length: count === 0 ? 0 : rows }, (_, row) => {
    return Array.from({ length: count / rows }, (__, index) => text[row + index * rows])
      .join("")
      .trimEnd();
  });
  return { kind: "array", shape: [words.length], values: words, order: "F" };
}

type Getter = readonly [size: number, read: (view: DataView, at: number, isLittle: boolean) => number];

/** Types of stored numbers; MATLAB stores small whole doubles as integers. */
const getters: Readonly<Record<number, Getter>> = {
  1: [1, (view, at) => view.getInt8(at)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [2, (view, at, isLittle) => view.getInt16(at, isLittle)],
  4: [2, (view, at, isLittle) => view.getUint16(at, isLittle)],
  5: [4, (view, at, isLittle) => view.getInt32(at, isLittle)],
  6: [4, (view, at, isLittle) => view.getUint32(at, isLittle)],
  7: [4, (view, at, isLittle) => view.getFloat32(at, isLittle)],
  9: [8, (view, at, isLittle) => view.getFloat64(at, isLittle)],
  12: [8, (view, at, isLittle) => Number(view.getBigInt64(at, isLittle))],
  13: [8, (view, at, isLittle) => Number(view.getBigUint64(at, isLittle))],
};

function numbersOf({ view, isLittle, file }: Source, { type, start, end }: Element): Float64Array {
  const getter = getters[type];
  if (getter === undefined)
    throw unsupported(file, "a type of numbers (1 to 13)", `${type}`, "Save again: save(file, '-v7').");
  const [size, read] = getter;
  const numbers = new Float64Array(Math.floor((end - start) / size));
  for (let index = 0; index < numbers.length; index++) numbers[index] = read(view, start + index * size, isLittle);
  return numbers;
}

function textOf(source: Source, element: Element, isName: boolean = true): string {
  const { view, isLittle } = source;
  const { type, start, end } = element;
  if (type === 16 || type === 17 || (type === 4 && !isName)) {
    const label = type === 16 ? "utf-8" : isLittle ? "utf-16le" : "utf-16be";
    return new TextDecoder(label, { ignoreBOM: true }).decode(
      new Uint8Array(view.buffer, view.byteOffset + start, end - start),
    );
  }
  return new TextDecoder("utf-16le", { ignoreBOM: true }).decode(Uint16Array.from(numbersOf(source, element)));
}

function foreign(file: string): DataError {
  return new DataError({
    code: "foreign-format",
    file,
    expected: "a MATLAB file of version 5 or later",
    found: "another one, perhaps of version 4",
    remedy: "Save it again: save(file, '-v7') in MATLAB, scipy.io.savemat in Python.",
  });
}
