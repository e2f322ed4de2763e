/**
 * Parquet files: columns of numbers, words and times, in any compression that hyparquet knows. Times of the calendar
 * become seconds after the first one. Nested columns are left out and named in the notes.
 */

import { type ArrayColumn, arraySource, DataError, type TableSource } from "@leastaction/dynamics";
import { type FileMetaData, parquetMetadata, parquetRead, parquetSchema, type SchemaTree } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { truncated, unsupported } from "./format-error.ts";

/** A whole number of nanoseconds; hyparquet's dates know milliseconds only. */
const parsers = {
  timestampFromMilliseconds: (ticks: bigint): bigint => ticks * 1_000_000n,
  timestampFromMicroseconds: (ticks: bigint): bigint => ticks * 1000n,
  timestampFromNanoseconds: (ticks: bigint): bigint => ticks,
  dateFromDays: (days: number): bigint => BigInt(days) * 86_400_000_000_000n,
};

/** More numbers than this must have their bytes in the file. */
const freeNumbers = 10_000_000;

/**
 * The table of a Parquet file.
 * @param bytes the whole file
 * @param file its name, for messages
 * @throws DataError when it is damaged, foreign, or holds no column of numbers
 */
export async function readParquet(bytes: Uint8Array, file: string): Promise<readonly TableSource[]> {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  try {
    const metadata = parquetMetadata(buffer);
    const leaves = parquetSchema(metadata).children;
    const flat = leaves.filter(isFlat);
    const rows = Number(metadata.num_rows);
    refuseImpossible(rows, flat.length, bytes.length, file);
    if (rows === 0 || flat.length === 0) {
      throw unsupported(
        file,
        "columns of numbers with rows in them",
        `${rows} rows, ${flat.length} such columns`,
        "Check that the file is the one you meant.",
      );
    }
    const columns = await readColumns(buffer, metadata, flat, rows);
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

function refuseImpossible(rows: number, columns: number, length: number, file: string): void {
  if (rows * columns <= Math.max(freeNumbers, 1000 * length) && rows >= 0) return;
  throw truncated(file, `${rows} rows of ${columns} columns`, `${length} bytes`);
}

async function readColumns(
  file: ArrayBuffer,
  metadata: FileMetaData,
  leaves: readonly SchemaTree[],
  rows: number,
): Promise<readonly ArrayColumn[]> {
  const columns: ArrayColumn[] = [];
  // One column at a time: its values are turned into numbers before the next one is unpacked.
  for (const { element } of leaves) {
    const cells: unknown[] = [];
    await parquetRead({
      file,
      metadata,
      columns: [element.name],
      compressors,
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
