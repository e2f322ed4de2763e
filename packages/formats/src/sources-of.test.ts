import { readFileSync } from "node:fs";
import { type Dataset, datasetOf } from "@leastaction/dynamics";
import { describe, expect, it } from "vitest";
import { sourcesOf } from "./sources-of.ts";

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`testing/fixtures/${name}`, import.meta.url)));

async function read(name: string, columns: Readonly<Record<string, string>> = {}): Promise<Dataset> {
  return datasetOf(await sourcesOf(name, fixture(name)), { columns });
}

describe("the same measurements", () => {
  it.each([
    "pendulum.csv.gz",
    "pendulum.txt",
    "pendulum.npz",
    "pendulum-compressed.npz",
    "pendulum-records.npy",
    "pendulum.mat",
    "pendulum-compressed.mat",
    "pendulum-7.3.mat",
    "pendulum.h5",
    "pendulum-snappy.parquet",
    "pendulum-zstd.parquet",
    "pendulum-gzip.parquet",
    "pendulum-none.parquet",
  ])("are one data set, as in CSV: %s", async (name) => {
    const wanted = await read("pendulum.csv");
    const found = await read(name);
    expect(found.trajectories.map(({ name: each, split }) => [each, split])).toEqual([
      ["0", "id"],
      ["5", "vad"],
    ]);
    expect(found.trajectories[1]?.values).toEqual(wanted.trajectories[1]?.values);
    expect(found.hash).toBe(wanted.hash);
  });
});
