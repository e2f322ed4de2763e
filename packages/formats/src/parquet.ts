/**
 * Parquet files: columns of numbers, words and times, in any compression that hyparquet knows. Times of the calendar
 * become seconds after the first one. Nested columns are left out and named in the notes.
 *
 * hyparquet believes what it reads: a run of two thousand million numbers is written out. So footer and pages are read
 * here first, and only what claims no more than there is goes on to it, with the pages unpacked already.
 */

import { type ArrayColumn, arraySource, DataError, type TableSource } from "@leastaction/dynamics";
import {
  type Compressors,
  type FileMetaData,
  parquetMetadata,
  parquetRead,
  parquetSchema,
  type SchemaTree,
} from "hyparquet";
import { truncated, unsupported } from "./format-error.ts";
import { type CheckedPage, type ChunkFacts, checkedPages } from "./parquet-pages.ts";
import { ThriftCursor } from "./thrift.ts";
import { largestUnpacked, tooLarge } from "./unpack.ts";

/** A whole number of nanoseconds; hyparquet's dates know milliseconds only. */
const parsers = {
  timestampFromMilliseconds: (ticks: bigint): bigint => ticks * 1_000_000n,
  timestampFromMicroseconds: (ticks: bigint): bigint => ticks * 1000n,
  timestampFromNanoseconds: (ticks: bigint): bigint => ticks,
  dateFromDays: (days: number): bigint => BigInt(days) * 86_400_000_000_000n,
};

/**
 * The table of a Parquet file.
 * @param bytes the whole file
 * @param file its name, for messages
 * @throws DataError when it is damaged, foreign, or holds no column of numbers
 */
export async function readParquet(bytes: Uint8Array, file: string): Promise<readonly TableSource[]> {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  try {
    checkFooter(bytes);
    // Shapes on a map are not read; looking for them never ends where an element has less than no children.
    const metadata = parquetMetadata(buffer, { geoparquet: false });
    const leaves = parquetSchema(metadata).children;
    const flat = leaves.filter(isFlat);
    const rows = Number(metadata.num_rows);
    refuseImpossible(metadata, flat.length, bytes.length, file);
    if (rows === 0 || flat.length === 0) {
      throw unsupported(
        file,
        "columns of numbers with rows in them",
        `${rows} rows, ${flat.length} such columns`,
        "Check that the file is the one you meant.",
      );
    }
    const columns = await readColumns(bytes, buffer, metadata, flat, file);
    const left = leaves.filter((leaf) => !isFlat(leaf)).map(({ element }) => element.name);
    const notes = left.length === 0 ? [] : [`not part of the table, nested: ${left.join(", ")}`];
    return [arraySource(columns, { name: file, format: "Parquet", notes })];
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw truncated(file, "a whole Parquet file", (error as Error).message);
  }
}

function isFlat({ children, element }: SchemaTree): boolean {
  return children.length === 0 && element.repetition_type !== "REPEATED";
}

/** Errors: a footer that the library would follow out of the file. */
function checkFooter(bytes: Uint8Array): void {
  if (bytes.length < 12) throw new Error(`${bytes.length} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 8, true);
  const from = bytes.length - 8 - length;
  if (from < 4) throw new Error(`a footer of ${length} bytes`);
  new ThriftCursor(bytes.subarray(0, bytes.length - 8), from).record();
}

function refuseImpossible({ num_rows, row_groups }: FileMetaData, columns: number, length: number, file: string): void {
  const groups = row_groups.map((group) => Number(group.num_rows));
  const rows = Number(num_rows);
  if (groups.some((own) => !(own >= 0)) || groups.reduce((sum, own) => sum + own, 0) !== rows) {
    throw truncated(file, `groups of ${rows} rows together`, `groups of ${groups.slice(0, 8).join(", ")}`);
  }
  if (8 * rows * columns <= largestUnpacked(length)) return;
  throw tooLarge(file, `${rows} rows of ${columns} columns`, "Save fewer rows or columns in a file.");
}

async function readColumns(
  bytes: Uint8Array,
  buffer: ArrayBuffer,
  metadata: FileMetaData,
  leaves: readonly SchemaTree[],
  file: string,
): Promise<readonly ArrayColumn[]> {
  const rows = Number(metadata.num_rows);
  const columns: ArrayColumn[] = [];
  let room = largestUnpacked(bytes.length);
  const take = (size: number): void => {
    room -= size;
    if (room < 0) throw tooLarge(file, "more", "Save it without compression, if you trust it.");
  };
  // One column at a time: its values are turned into numbers before the next one is unpacked.
  for (const leaf of leaves) {
    const { element } = leaf;
    const pages = chunksOf(metadata, leaf).flatMap((chunk) => checkedPages(bytes, chunk, take));
    const cells: unknown[] = [];
    await parquetRead({
      file: buffer,
      metadata,
      columns: [element.name],
      compressors: inTurn(pages),
      parsers,
      onChunk: ({ columnData, rowStart }) => {
        for (let row = 0; row < columnData.length && rowStart + row < rows; row++)
          cells[rowStart + row] = columnData[row];
      },
    });
    columns.push(columnOf(element.name, element, cells, rows));
  }
  return columns;
}

/** Where the values of a column are, group by group. */
function chunksOf({ row_groups }: FileMetaData, { element }: SchemaTree): readonly ChunkFacts[] {
  return row_groups.map(({ columns, num_rows }) => {
    const own = columns.flatMap(({ meta_data }) => (meta_data?.path_in_schema[0] === element.name ? [meta_data] : []));
    const [column] = own;
    if (own.length !== 1 || column === undefined || column.path_in_schema.length !== 1) {
      throw new Error(`${own.length} columns ${element.name} in a group`);
    }
    const start = Number(column.dictionary_page_offset || column.data_page_offset);
    return {
      start,
      end: start + Number(column.total_compressed_size),
      codec: column.codec,
      type: column.type,
      typeLength: element.type_length ?? 0,
      isOptional: element.repetition_type !== "REQUIRED",
      rows: Number(num_rows),
    };
  });
}

/** Gives the pages that were unpacked already, in the order in which they are asked for. */
function inTurn(pages: readonly CheckedPage[]): Compressors {
  let next = 0;
  const give = (packed: Uint8Array, length: number): Uint8Array => {
    const page = pages[next++];
    if (page?.packed === packed.length && page.bytes.length === length) return page.bytes;
    throw new Error("pages in another order");
  };
  return { SNAPPY: give, GZIP: give, BROTLI: give, ZSTD: give, LZ4: give, LZ4_RAW: give };
}

function columnOf(name: string, element: SchemaTree["element"], cells: readonly unknown[], rows: number): ArrayColumn {
  const sample = cells.find((cell) => cell !== null && cell !== undefined);
  if (typeof sample === "string")
    return { name, values: Array.from({ length: rows }, (_, row) => String(cells[row] ?? "")) };
  const isTime =
    element.logical_type?.type === "TIMESTAMP" ||
    /^(TIMESTAMP|DATE)/.test(element.converted_type ?? "") ||
    element.logical_type?.type === "DATE" ||
    element.type === "INT96";
  const numbers = new Float64Array(rows);
  for (let row = 0; row < rows; row++) numbers[row] = isTime ? seconds(cells[row], sample) : numberOf(cells[row]);
  return { name: isTime && !name.includes("[") ? `${name} [s]` : name, values: numbers };
}

function seconds(cell: unknown, first: unknown): number {
  return typeof cell === "bigint" ? Number(cell - (first as bigint)) / 1e9 : Number.NaN;
}

function numberOf(cell: unknown): number {
  if (typeof cell === "number") return cell;
  return typeof cell === "bigint" || typeof cell === "boolean" ? Number(cell) : Number.NaN;
}
