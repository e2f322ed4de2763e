/**
 * The readers that are fuzzed, by name. Each is loaded when it is asked for: after the watch over allocations has begun,
 * so that the constructors it keeps are watched.
 */
import type { FuzzedReader } from "./fuzz-reader.ts";

/** Readers by the names that `--reader` takes. */
export const readers: Readonly<Record<string, () => Promise<FuzzedReader>>> = {
  csv: async () => (await import("./readers/tables.ts")).tableReader("csv"),
  gzip: async () => (await import("./readers/tables.ts")).tableReader("gzip"),
  npy: async () => (await import("./readers/tables.ts")).tableReader("npy"),
  npz: async () => (await import("./readers/tables.ts")).tableReader("npz"),
  parquet: async () => (await import("./readers/tables.ts")).tableReader("parquet"),
  hdf5: async () => (await import("./readers/tables.ts")).tableReader("hdf5"),
  matlab: async () => (await import("./readers/tables.ts")).tableReader("matlab"),
  "matlab-7.3": async () => (await import("./readers/tables.ts")).tableReader("matlab-7.3"),
  dataset: async () => (await import("./readers/dataset-file.ts")).datasetFileReader(),
  program: async () => (await import("./readers/programs.ts")).programReader(),
  model: async () => (await import("./readers/models.ts")).modelReader(),
  safetensors: async () => (await import("./readers/models.ts")).safetensorsReader(),
  run: async () => (await import("./readers/run-files.ts")).runFileReader(),
};
