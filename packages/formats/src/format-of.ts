/**
 * Which format a file has, told from its first bytes; its name decides nothing, so that a renamed file is read too.
 */

import { encodingOfStart } from "@leastaction/dynamics";

/** The formats that are read. */
export type Format = "text" | "npy" | "npz" | "parquet" | "hdf5" | "matlab" | "gzip";

/** A file that is not read: what it is and what to do. */
export interface ForeignFile {
  readonly what: string;
  readonly remedy: string;
}

type Signature = readonly [start: string, format: Format];
type ForeignSignature = readonly [start: string, what: string, remedy: string];

const signatures: readonly Signature[] = [
  ["\x93NUMPY", "npy"],
  ["PK\x03\x04", "npz"],
  ["PAR1", "parquet"],
  ["\x89HDF\r\n\x1a\n", "hdf5"],
  ["MATLAB 7.3", "hdf5"],
  ["MATLAB 5.0", "matlab"],
  ["\x1f\x8b", "gzip"],
];

const csv = "Save it as CSV in the program that made it.";

const foreign: readonly ForeignSignature[] = [
  ["\xd0\xcf\x11\xe0", "an old Excel workbook", csv],
  ["TDSm", "a LabVIEW TDMS file", "Export it as CSV, or with npTDMS in Python: to_dataframe().to_parquet(...)."],
  [
    "SQLite format 3",
    "an SQLite data base",
    "Export the table as CSV: sqlite3 -csv -header FILE 'select * from TABLE'.",
  ],
  ["ARROW1", "an Arrow (Feather) file", "Save it as Parquet: pyarrow.parquet.write_table."],
  ["%PDF-", "a PDF document", "Export the numbers as CSV where they come from."],
  ["\x89PNG", "a picture", "Give the table of measurements."],
  ["\xff\xd8\xff", "a picture", "Give the table of measurements."],
  ["\x80\x04", "a Python pickle, which is a program", "Save plain numbers with numpy.savez."],
  ["\x80\x05", "a Python pickle, which is a program", "Save plain numbers with numpy.savez."],
  ["CDF\x01", "a netCDF 3 file", "Convert it to netCDF 4, which is HDF5: nccopy -k nc4 FILE FILE.nc4."],
  ["CDF\x02", "a netCDF 3 file", "Convert it to netCDF 4, which is HDF5: nccopy -k nc4 FILE FILE.nc4."],
  ["\xfd7zXZ", "a compressed file (xz)", "Unpack it first: xz -d FILE."],
  ["BZh", "a compressed file (bzip2)", "Unpack it first: bzip2 -d FILE."],
  ["(\xb5/\xfd", "a compressed file (zstd)", "Unpack it first: zstd -d FILE."],
  ["7z\xbc\xaf", "a compressed archive (7z)", "Unpack it first."],
];

/**
 * The format of a file.
 * @param bytes the file, or at least its first 4096 bytes
 * @returns the format, or what the file is instead
 */
export function formatOf(bytes: Uint8Array): Format | ForeignFile {
  const begins = (text: string): boolean => Array.from(text).every((letter, at) => bytes[at] === letter.charCodeAt(0));
  const known = signatures.find(([text]) => begins(text));
  if (known !== undefined) return known[1];
  const other = foreign.find(([text]) => begins(text));
  if (other !== undefined) return { what: other[1], remedy: other[2] };
  if (hasUserBlock(bytes)) return "hdf5";
  // MATLAB's text is free: its version and byte order stand at the end of the header.
  const mark = String.fromCharCode(bytes[126] ?? 0, bytes[127] ?? 0);
  if ((mark === "IM" || mark === "MI") && hasControl(bytes.subarray(116, 126))) return "matlab";
  if (!hasControl(bytes.subarray(0, 4096)) || encodingOfStart(bytes) !== null) return "text";
  return {
    what: "bytes of an unknown format",
    remedy: "Save it as text (CSV), NPY, NPZ, Parquet, HDF5 or MATLAB.",
  };
}

/** HDF5 may begin after 512, 1024, 2048 bytes of something else. */
function hasUserBlock(bytes: Uint8Array): boolean {
  const mark = "\x89HDF\r\n\x1a\n";
  return [512, 1024, 2048].some((from) =>
    Array.from(mark).every((letter, at) => bytes[from + at] === letter.charCodeAt(0)),
  );
}

/** Whether there are bytes that no text has: a zero above all. */
function hasControl(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte < 9 || (byte > 13 && byte < 26) || (byte > 27 && byte < 32));
}
