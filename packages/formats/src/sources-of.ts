/**
 * Any file of measurements as table sources: recognised by its bytes, read by the reader of its format.
 */

import {
  DataError,
  decodePieces,
  decodeText,
  meanSource,
  type TableSource,
  type TextSourceOptions,
  textSource,
} from "@leastaction/dynamics";
import { Gunzip } from "fflate";
import { truncated, unsupported } from "./format-error.ts";
import { formatOf } from "./format-of.ts";
import type { Hdf5Reader } from "./hdf5.ts";
import { largestUnpacked, tooLarge, unpack } from "./unpack.ts";

/** What is known about texts; files of arrays describe themselves, and know `mean` only. */
export interface SourcesOptions extends Omit<TextSourceOptions, "name"> {
  /** What reads HDF5 files; default `hdf5Arrays`, in this thread and without an end to its time. */
  readonly hdf5?: Hdf5Reader;
}

/**
 * The tables of a file: one for text and most files of arrays, several where it holds several recordings.
 * @param file its name, for messages and for the trajectory
 * @param bytes its content; text in UTF-8, UTF-16 or Latin-1, NPY, NPZ, Parquet, HDF5, MATLAB (5 to 7.3), each also
 * compressed by gzip
 * @param options what is known about a text, and what reads HDF5
 * @throws DataError when the file is damaged, of a format that is not read, or holds no table
 * @example
 * import { datasetOf } from "@leastaction/dynamics";
 * import { sourcesOf } from "@leastaction/formats";
 * const bytes = new TextEncoder().encode("t,theta [deg]\n0,10\n0.1,9\n0.2,7");
 * const data = datasetOf(await sourcesOf("swing.csv", bytes), { minimumRows: 3 });
 * data.trajectories[0]?.name; // "swing"
 */
export async function sourcesOf(
  file: string,
  bytes: Uint8Array,
  options: SourcesOptions = {},
): Promise<readonly TableSource[]> {
  const sources = await rawSources(file, bytes, options, false);
  // A text makes its means while it is read.
  return sources.map((source) => (source.format === "text" ? source : meanSource(source, options.mean ?? 1)));
}

async function rawSources(
  file: string,
  bytes: Uint8Array,
  options: SourcesOptions,
  isUnpacked: boolean,
): Promise<readonly TableSource[]> {
  const format = formatOf(bytes);
  if (typeof format === "object") throw foreign(file, format.what, format.remedy);
  switch (format) {
    case "text":
      return [readText(file, bytes, options)];
    case "gzip":
      // Files exist that unpack to themselves.
      if (isUnpacked) throw unsupported(file, "a table in the gzip file", "another gzip file", "Unpack it first.");
      return rawSources(file.replace(/\.gz$/i, ""), gunzip(bytes, file), options, true);
    case "npy":
      return (await import("./npz.ts")).readNpy(bytes, file);
    case "npz":
      return (await import("./npz.ts")).readNpz(bytes, file);
    case "matlab":
      return (await import("./matlab.ts")).readMatlab(bytes, file);
    case "parquet":
      return (await import("./parquet.ts")).readParquet(bytes, file);
    case "hdf5":
      return (await import("./hdf5.ts")).readHdf5(bytes, file, options.hdf5);
  }
}

/** No text that is held whole is longer. */
const longestText = 256e6;

function readText(file: string, bytes: Uint8Array, options: SourcesOptions): TableSource {
  if (bytes.length > longestText) {
    return textSource(
      decodePieces(() => piecesOf(bytes)),
      { ...options, name: file, size: bytes.length },
    );
  }
  const { text, encoding } = decodeText(bytes);
  const source = textSource(text, { ...options, name: file });
  if (encoding === "UTF-8") return source;
  return Object.freeze({ ...source, notes: [...source.notes, `read as ${encoding}`] });
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  const size = 1 << 18;
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** The content of a gzip file, in pieces, so that its own claim of a length decides nothing. */
function gunzip(bytes: Uint8Array, file: string): Uint8Array {
  const pieces: Uint8Array[] = [];
  const limit = largestUnpacked(bytes.length);
  let length = 0;
  try {
    unpack(new Gunzip(), bytes, (piece) => {
      pieces.push(piece);
      length += piece.length;
      return length <= limit;
    });
  } catch (error) {
    throw truncated(file, "a whole gzip file", (error as Error).message);
  }
  if (length > limit) throw tooLarge(file, "more", `Unpack it first, if you trust it: gunzip ${file}.`);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function foreign(file: string, found: string, remedy: string): DataError {
  return new DataError({
    code: "foreign-format",
    file,
    expected: "a table as text, NPY, NPZ, Parquet, HDF5 or MATLAB",
    found,
    remedy,
  });
}
