/** The readers of measurements: `sourcesOf` recognises the file, `datasetOf` reads its numbers. */
import { readFileSync } from "node:fs";
import { type FuzzedReader, isHouseMessage } from "../fuzz-reader.ts";

const places: Readonly<Record<string, readonly string[]>> = {
  csv: ["pendulum.csv", "pendulum.txt"],
  gzip: ["pendulum.csv.gz"],
  npy: ["matrix-big-endian.npy", "matrix-fortran-f4.npy", "pendulum-records.npy"],
  npz: ["matrix-names.npz", "two-runs.npz", "types.npz", "pendulum-compressed.npz"],
  parquet: ["types.parquet", "pendulum-none.parquet", "pendulum-snappy.parquet", "pendulum-gzip.parquet"],
  hdf5: ["groups.h5", "records.h5", "pendulum.h5"],
  matlab: ["cells.mat", "struct.mat", "pendulum.mat", "pendulum-compressed.mat"],
  "matlab-7.3": ["cells-7.3.mat", "pendulum-7.3.mat"],
};

/** The reader of a format, with the small files of its tests as good ones. */
export async function tableReader(name: string): Promise<FuzzedReader> {
  const { sourcesOf } = await import("@leastaction/formats");
  const { datasetOf, describeReading } = await import("@leastaction/dynamics");
  const seeds = (places[name] ?? []).map(fixture);
  return {
    name,
    seeds,
    read: async (bytes) => describeReading(datasetOf(await sourcesOf("damaged", bytes), { lenient: true }).reading),
    allowed: (error) => isHouseMessage(error, ["DataError"]),
  };
}

/** A file of the tests, found from the root of the repository. */
function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(`packages/formats/src/testing/fixtures/${name}`));
}
