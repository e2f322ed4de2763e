/**
 * The readers of measurements: `sourcesOf` recognises the file, `datasetOf` reads its numbers. HDF5 is read as the command
 * line reads it, in a thread that is ended when its time is over.
 */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type FuzzedReader, isHouseMessage, tenfold } from "../fuzz-reader.ts";
import { mutations } from "../mutate.ts";

/** The good files of a format, and what is special about its fuzzing. */
interface Format extends Partial<Pick<FuzzedReader, "mutations" | "allowance">> {
  readonly files: readonly string[];
}

/** What packed bytes can hold: deflate makes 1032 bytes of one. */
const packed = (length: number): number => tenfold(length) + 1032 * length;

/** Seconds that an HDF5 file may take: less than `longestRead`, so that a file without end is refused in time. */
const hdf5Seconds = 1.5;

const formats: Readonly<Record<string, Format>> = {
  csv: { files: ["pendulum.csv", "pendulum.txt"] },
  gzip: {
    files: ["pendulum.csv.gz"],
    allowance: packed,
    // Every other file is a damaged table in a good envelope.
    mutations: (files, seed) => {
      const [bytewise, inside] = [mutations(files, seed), mutations([head("pendulum.csv")], seed)];
      return (index) => (index % 2 === 0 ? bytewise(index) : new Uint8Array(gzipSync(inside(index), { level: 1 })));
    },
  },
  npy: { files: ["matrix-big-endian.npy", "matrix-fortran-f4.npy", "pendulum-records.npy"] },
  npz: { files: ["matrix-names.npz", "two-runs.npz", "types.npz", "pendulum-compressed.npz"], allowance: packed },
  parquet: {
    files: ["types.parquet", "pendulum-none.parquet", "pendulum-snappy.parquet", "pendulum-gzip.parquet"],
    allowance: packed,
  },
  hdf5: { files: ["groups.h5", "records.h5", "pendulum.h5"], allowance: packed },
  matlab: { files: ["cells.mat", "struct.mat", "pendulum.mat", "pendulum-compressed.mat"], allowance: packed },
  "matlab-7.3": { files: ["cells-7.3.mat", "pendulum-7.3.mat"], allowance: packed },
};

/** The reader of a format, with the small files of its tests as good ones. */
export async function tableReader(name: string): Promise<FuzzedReader> {
  const { sourcesOf } = await import("@leastaction/formats");
  const { datasetOf, describeReading } = await import("@leastaction/dynamics");
  const { hdf5InThread } = await import("leastaction/hdf5-in-thread");
  const hdf5 = hdf5InThread(() => hdf5Seconds);
  const { files, ...special } = formats[name] as Format;
  return {
    name,
    seeds: files.map((file) => (/\.(csv|txt)$/.test(file) ? head(file) : fixture(file))),
    read: async (bytes) =>
      describeReading(datasetOf(await sourcesOf("damaged", bytes, { hdf5 }), { lenient: true }).reading),
    allowed: (error) => isHouseMessage(error, ["DataError"]),
    ...special,
  };
}

/** The first lines of a text, so that many are read in a second. */
function head(name: string): Uint8Array {
  const lines = new TextDecoder().decode(fixture(name)).split("\n");
  return new TextEncoder().encode(`${lines.slice(0, 40).join("\n")}\n`);
}

/** A file of the tests, found from the root of the repository. */
function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(`packages/formats/src/testing/fixtures/${name}`));
}
