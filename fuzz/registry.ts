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
  parquet: async () => (await import("./readers/tables.ts")).tableReader("parquet"),
  matlab: async () => (await import("./readers/tables.ts")).tableReader("matlab"),
  dataset: async () => (await import("./readers/dataset-file.ts")).datasetFileReader(),
};
