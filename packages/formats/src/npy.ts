/**
 * NPY: one NumPy array.
 *
 * In: the bytes of a file (or of a member of an NPZ). Out: a node; structured arrays become a group of their fields.
 * The length that the header claims is checked against the bytes before anything is allocated.
 * Deliberately not read: pickled Python objects, which are programs.
 *
 * Source: NumPy reference, "NPY format", versions 1.0, 2.0 and 3.0 (numpy.lib.format).
 */

import { DataError } from "@leastaction/dynamics";
import type { ArrayNode, DataNode } from "./data-tree.ts";
import { truncated, unsupported } from "./format-error.ts";
import { type NpyType, npyType, secondsAfter } from "./npy-type.ts";
import { type PythonLiteral, parsePythonLiteral } from "./python-literal.ts";

interface Header {
  readonly descr: PythonLiteral;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Byte offset of the first element. */
  readonly start: number;
}

/** One field of a record; plain arrays have a single one without a name. */
interface Field {
  readonly name: string;
  readonly type: NpyType;
  /** Byte offset inside the record. */
  readonly offset: number;
  /** Shape of the field inside one record. */
  readonly shape: readonly number[];
}

/** Decodes an array. Errors: no NPY, truncated, a type that does not exist, Python objects. */
export function decodeNpy(bytes: Uint8Array, file: string): DataNode {
  const header = readHeader(bytes, file);
  const { fields, size } = fieldsOf(header.descr, file);
  const count = productOf(header.shape);
  const available = bytes.length - header.start;
  // An element of no bytes, as of the type U0, counts as one: as many elements as bytes are all that is ever made.
  const elements = fields.reduce((sum, { shape }) => sum + productOf(shape), 0);
  if (!Number.isSafeInteger(count) || count * Math.max(1, size, elements) > available) {
    throw truncated(
      file,
      `${count * size} bytes for ${header.shape.join(" x ") || "one"} elements of ${size} bytes`,
      `${available}`,
    );
  }
  const nodes = fields.map((field): readonly [string, DataNode] => [
    field.name,
    decodeField(field, size, count, header, bytes, file),
  ]);
  const [only] = nodes;
  return typeof header.descr === "string" && only !== undefined ? only[1] : { kind: "group", entries: nodes };
}

function productOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Version 1.0 allows no more, and no table of measurements needs it. */
const longestHeader = 65_535;

function readHeader(bytes: Uint8Array, file: string): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 12 || view.getUint32(0) !== 0x934e554d) throw noNpy(file, "a file without the NPY mark");
  const isLong = (bytes[6] as number) >= 2;
  const start = isLong ? 12 : 10;
  const length = isLong ? view.getUint32(8, true) : view.getUint16(8, true);
  if (length > longestHeader) throw noNpy(file, `a header of ${length} bytes`);
  if (start + length > bytes.length) throw truncated(file, `a header of ${length} bytes`, `${bytes.length - start}`);
  const text = new TextDecoder((bytes[6] as number) >= 3 ? "utf-8" : "latin1").decode(
    bytes.subarray(start, start + length),
  );
  const literal = parsePythonLiteral(text);
  if (literal === undefined || literal === null || typeof literal !== "object" || Array.isArray(literal)) {
    throw noNpy(file, "a header that is no dictionary");
  }
  const { descr, fortran_order: isFortran, shape } = literal as Readonly<Record<string, PythonLiteral>>;
  const isShape =
    Array.isArray(shape) && shape.every((length) => Number.isSafeInteger(length) && (length as number) >= 0);
  if (descr === undefined || typeof isFortran !== "boolean" || !isShape) {
    throw noNpy(file, "a header without descr, fortran_order and shape");
  }
  return { descr, isFortran, shape: shape as readonly number[], start: start + length };
}

function fieldsOf(descr: PythonLiteral, file: string): { readonly fields: readonly Field[]; readonly size: number } {
  if (!Array.isArray(descr)) {
    const type = typeof descr === "string" ? npyType(descr) : null;
    if (type === null) throw noNpy(file, `the element type ${JSON.stringify(descr)}`);
    if (type.what === "Python objects") throw pythonObjects(file);
    return { fields: [{ name: "", type, offset: 0, shape: [] }], size: type.size };
  }
  const fields: Field[] = [];
  let size = 0;
  for (const entry of descr as readonly PythonLiteral[]) {
    const [title, inner, extent] = Array.isArray(entry) ? (entry as readonly PythonLiteral[]) : [];
    const name: unknown = Array.isArray(title) ? title.at(-1) : title;
    const shape = (extent === undefined ? [] : Array.isArray(extent) ? extent : [extent]) as readonly number[];
    const isShape = shape.every((length) => Number.isSafeInteger(length) && length >= 0);
    if (typeof name !== "string" || inner === undefined || !isShape) throw noNpy(file, "a record type without names");
    const own = fieldsOf(inner, file);
    const count = productOf(shape);
    const isRecord = Array.isArray(inner);
    if (isRecord && shape.length > 0)
      throw unsupported(file, "records of numbers", `an array of records in ${name}`, objectRemedy);
    // Fields without a name are padding.
    for (const field of own.fields) {
      if (name === "") continue;
      fields.push({ ...field, name: isRecord ? `${name}.${field.name}` : name, offset: size + field.offset, shape });
    }
    size += own.size * count;
  }
  return { fields, size };
}

function decodeField(
  { type, offset, shape }: Field,
  stride: number,
  count: number,
  header: Header,
  bytes: Uint8Array,
  file: string,
): DataNode {
  if (type.read === null && type.ticks === undefined) return { kind: "none", what: type.what };
  const inner = productOf(shape);
  if (inner > 1 && header.isFortran && header.shape.length > 1) {
    throw unsupported(
      file,
      "records in C order",
      "records in Fortran order",
      "Save them with numpy.ascontiguousarray.",
    );
  }
  const at = (index: number): number =>
    header.start + Math.floor(index / inner) * stride + offset + (index % inner) * type.size;
  const full = [...header.shape, ...shape];
  const node = { kind: "array", shape: full, order: header.isFortran ? "F" : "C" } as const;
  const unit = type.unit === undefined ? {} : { unit: type.unit };
  const isPacked = stride === type.size && type.direct !== null;
  const values =
    (isPacked ? directValues(type, count, bytes, header.start) : null) ?? readValues(type, count * inner, at, bytes);
  return { ...node, ...unit, values };
}

const directArrays = { f8: Float64Array, f4: Float32Array, i4: Int32Array, i2: Int16Array } as const;

/** A view of the bytes where the machine reads them as they lie; null where it does not. */
function directValues(type: NpyType, count: number, bytes: Uint8Array, start: number): ArrayLike<number> | null {
  const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  const View = directArrays[type.direct as keyof typeof directArrays];
  if (View === undefined || !isLittleEndian) return null;
  const from = bytes.byteOffset + start;
  return from % type.size === 0
    ? new View(bytes.buffer as ArrayBuffer, from, count)
    : new View(bytes.slice(start, start + count * type.size).buffer);
}

function readValues(
  type: NpyType,
  count: number,
  at: (index: number) => number,
  bytes: Uint8Array,
): ArrayNode["values"] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { read, ticks } = type;
  if (ticks !== undefined) {
    const first = count === 0 ? 0n : ticks.read(view, at(0));
    return Float64Array.from({ length: count }, (_, index) =>
      secondsAfter(ticks.read(view, at(index)), first, ticks.seconds),
    );
  }
  const element = read as NonNullable<NpyType["read"]>;
  if (count > 0 && typeof element(view, at(0)) === "string") {
    return Array.from({ length: count }, (_, index) => element(view, at(index)) as string);
  }
  const numbers = new Float64Array(count);
  for (let index = 0; index < count; index++) numbers[index] = element(view, at(index)) as number;
  return numbers;
}

const objectRemedy = "Save plain numbers: numpy.asarray(x, dtype=float), one array for each quantity.";

function pythonObjects(file: string): DataError {
  return unsupported(file, "numbers or words", "pickled Python objects, which are programs", objectRemedy);
}

function noNpy(file: string, found: string): DataError {
  return new DataError({
    code: "foreign-format",
    file,
    expected: "an array as numpy.save writes it",
    found,
    remedy: "Save it again with numpy.save or numpy.savez.",
  });
}
