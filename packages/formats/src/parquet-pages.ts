/**
 * The pages of one column of a Parquet file, unpacked and checked before they are decoded.
 *
 * In: the bytes of a column chunk and what the footer says of it. Out: the unpacked pages in their order. What holds of
 * them: no page claims more rows than its row group has, more bytes than its own hold, or runs beyond its rows.
 *
 * Source: Apache Parquet, "Parquet format", parquet.thrift, 2.10.
 */

import {
  decompressBrotli,
  decompressGzip,
  decompressLz4,
  decompressLz4Raw,
  decompressSnappy,
  decompressZstd,
} from "hyparquet-compressors";
import { checkTexts, walkDeltas, walkRuns } from "./parquet-runs.ts";
import { ThriftCursor, type ThriftRecord } from "./thrift.ts";

/** What the footer says of a column chunk. */
export interface ChunkFacts {
  /** Byte offsets in the file. */
  readonly start: number;
  readonly end: number;
  readonly codec: string;
  readonly type: string;
  /** Bytes of one element of FIXED_LEN_BYTE_ARRAY. */
  readonly typeLength: number;
  readonly isOptional: boolean;
  /** Of the row group. */
  readonly rows: number;
}

/** A page as it is in the file, and unpacked. */
export interface CheckedPage {
  readonly packed: number;
  readonly bytes: Uint8Array;
}

type Unpack = (packed: Uint8Array, length: number) => Uint8Array;

/** Compressions by name, each with the most bytes that it makes of one. */
const codecs: Readonly<Record<string, readonly [expansion: number, unpack: Unpack]>> = {
  UNCOMPRESSED: [1, (packed) => packed],
  SNAPPY: [64, decompressSnappy],
  GZIP: [1032, decompressGzip],
  LZ4: [256, decompressLz4],
  LZ4_RAW: [256, decompressLz4Raw],
  ZSTD: [2 ** 16, (packed, length) => decompressZstd(packed, new Uint8Array(length))],
  BROTLI: [2 ** 16, decompressBrotli],
};

/** Names of encodings by their numbers, where their counts are checked. */
const [plain, plainDictionary, rle, deltas, deltaLengths, deltaTexts, dictionary, split] = [0, 2, 3, 5, 6, 7, 8, 9];

const sizes: Readonly<Record<string, number>> = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8, BYTE_ARRAY: 4 };

/**
 * Unpacks and checks the pages of a chunk. Errors: anything that does not fit.
 * @param take is told of the bytes of each page before it is unpacked
 */
export function checkedPages(file: Uint8Array, chunk: ChunkFacts, take: (bytes: number) => void): CheckedPage[] {
  const { start, end } = chunk;
  if (!(start >= 0 && start <= end && end <= file.length)) throw new Error(`a column from byte ${start} to ${end}`);
  const bytes = file.subarray(start, end);
  const pages: CheckedPage[] = [];
  let rows = 0;
  for (let at = 0; at < bytes.length - 1 && rows < chunk.rows; ) {
    const cursor = new ThriftCursor(bytes, at);
    const header = cursor.record();
    const length = wholeOf(header, 3);
    if (length > bytes.length - cursor.at) throw new Error(`a page of ${length} bytes`);
    const packed = bytes.subarray(cursor.at, cursor.at + length);
    const page = pageOf(header, packed, chunk, take);
    rows += page.rows;
    if (rows > chunk.rows) throw new Error(`${rows} rows in a group of ${chunk.rows}`);
    if (page.unpacked !== null && chunk.codec !== "UNCOMPRESSED")
      pages.push({ packed: page.packed, bytes: page.unpacked });
    at = cursor.at + length;
  }
  return pages;
}

interface Page {
  readonly rows: number;
  /** Bytes that were unpacked; null where nothing was. */
  readonly packed: number;
  readonly unpacked: Uint8Array | null;
}

function pageOf(header: ThriftRecord, packed: Uint8Array, chunk: ChunkFacts, take: (bytes: number) => void): Page {
  const size = wholeOf(header, 2);
  const [one, dictionaryPage, two] = [recordOf(header, 5), recordOf(header, 7), recordOf(header, 8)];
  if (two !== undefined) return pageOfTwo(two, size, packed, chunk, take);
  const unpacked = unpack(packed, size, chunk, take);
  if (dictionaryPage !== undefined) checkPlain(wholeOf(dictionaryPage, 1), unpacked.length, chunk);
  if (one === undefined) return { rows: 0, packed: packed.length, unpacked };
  const rows = wholeOf(one, 1);
  if (rows > chunk.rows) throw new Error(`a page of ${rows} rows in a group of ${chunk.rows}`);
  const levels = chunk.isOptional ? levelsOf(unpacked, rows) : { ones: rows, end: 0 };
  checkValues(unpacked.subarray(levels.end), wholeOf(one, 2), levels.ones, chunk);
  return { rows, packed: packed.length, unpacked };
}

/** Which rows have a value: runs behind their length. */
function levelsOf(bytes: Uint8Array, rows: number): { readonly ones: number; readonly end: number } {
  const length = lengthAt(bytes);
  return { ones: walkRuns(bytes, 4, 1, rows).ones, end: 4 + length };
}

function lengthAt(bytes: Uint8Array): number {
  if (bytes.length < 4) throw new Error("a page without the length of its runs");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (length > bytes.length - 4) throw new Error(`runs of ${length} bytes`);
  return length;
}

/** Pages of the second version have their levels outside of what is packed. */
function pageOfTwo(
  header: ThriftRecord,
  size: number,
  packed: Uint8Array,
  chunk: ChunkFacts,
  take: (bytes: number) => void,
): Page {
  const [values, nulls, rows] = [wholeOf(header, 1), wholeOf(header, 2), wholeOf(header, 3)];
  const levels = wholeOf(header, 5) + wholeOf(header, 6);
  if (values > chunk.rows || nulls > values || rows !== values || levels > packed.length || levels > size) {
    throw new Error(`a page of ${values} values, ${nulls} of them missing, in ${rows} rows`);
  }
  if (chunk.isOptional) walkRuns(packed.subarray(0, levels), wholeOf(header, 6), 1, values);
  const isPacked = header.get(7) !== false && chunk.codec !== "UNCOMPRESSED";
  const body = packed.subarray(levels);
  const unpacked = isPacked ? unpack(body, size - levels, chunk, take) : body;
  checkValues(unpacked, wholeOf(header, 4), values - nulls, chunk);
  return { rows, packed: body.length, unpacked: isPacked ? unpacked : null };
}

function unpack(packed: Uint8Array, size: number, { codec }: ChunkFacts, take: (bytes: number) => void): Uint8Array {
  const [expansion, unpacker] = codecs[codec] ?? [];
  if (expansion === undefined || unpacker === undefined) throw new Error(`the compression ${codec}`);
  if (size > expansion * packed.length + 64) throw new Error(`${size} bytes packed into ${packed.length}`);
  take(size);
  const unpacked = unpacker(packed, size);
  if (unpacked.length !== size) throw new Error(`a page of ${unpacked.length} bytes instead of ${size}`);
  return unpacked;
}

function checkValues(bytes: Uint8Array, encoding: number, count: number, chunk: ChunkFacts): void {
  if (encoding === plain || encoding === split) checkPlain(count, bytes.length, chunk);
  else if (encoding === plainDictionary || encoding === dictionary) {
    if (count > 0 && bytes.length === 0) throw new Error("a page without its values");
    if ((bytes[0] ?? 0) > 0) walkRuns(bytes, 1, bytes[0] as number, count);
  } else if (encoding === rle) {
    lengthAt(bytes);
    walkRuns(bytes, 4, 1, count);
  } else if (encoding === deltas || encoding === deltaLengths) walkDeltas(bytes, 0, Math.min(1, count));
  else if (encoding === deltaTexts) checkTexts(bytes, 0, count, 16 * bytes.length + 2 ** 20);
  else throw new Error(`the encoding ${encoding}`);
}

/** Values one after the other: each takes its bytes, a text at least those of its length. */
function checkPlain(count: number, length: number, { type, typeLength }: ChunkFacts): void {
  const size = type === "BOOLEAN" ? 1 / 8 : (sizes[type] ?? typeLength);
  if (!(size > 0) || count * size > length) throw new Error(`${count} values in ${length} bytes`);
}

function wholeOf(record: ThriftRecord, field: number): number {
  const value = record.get(field);
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`${String(value)} for the number in field ${field} of a page`);
}

function recordOf(record: ThriftRecord, field: number): ThriftRecord | undefined {
  const value = record.get(field);
  return value instanceof Map ? (value as ThriftRecord) : undefined;
}
