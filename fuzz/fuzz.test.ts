/** A short run of every reader's fuzzing; the long ones are committed in `results/`, made by `npm run fuzz`. */
import { describe, expect, test } from "vitest";
import { watchAllocations } from "./allocations.ts";
import { fuzzReader } from "./fuzz-reader.ts";
import { mutations } from "./mutate.ts";
import { readers } from "./registry.ts";

describe("mutations", () => {
  const files = [new Uint8Array(300).fill(49), new TextEncoder().encode("a header of 100 bytes and 7 rows")];

  test("are the same for the same seed and index, and leave the good files alone", () => {
    const before = files.map((file) => file.slice());
    const once = Array.from({ length: 500 }, (_, index) => mutations(files, 1)(index));
    expect(Array.from({ length: 500 }, (_, index) => mutations(files, 1)(index))).toEqual(once);
    expect(files).toEqual(before);
    const other = Array.from({ length: 500 }, (_, index) => mutations(files, 2)(index));
    expect(other.filter((file, index) => file.join() === once[index]?.join()).length).toBeLessThan(50);
  });
});

describe("the watch over allocations", () => {
  test("sees what a header makes a reader ask for, granted or not", async () => {
    const reader = {
      name: "naive",
      seeds: [Uint8Array.of(1, 0)],
      read: (bytes: Uint8Array) => new Float64Array(2 ** (bytes[0] ?? 0)).length + Array.from(bytes.slice(1)).length,
      allowed: () => false,
    };
    const watch = watchAllocations();
    const { failures } = await fuzzReader(reader, { seed: 1, from: 0, to: 200 }, watch).finally(() => watch.end());
    expect(failures.some(({ what }) => what.includes("bytes at once for a file of 2"))).toBe(true);
    expect(failures.some(({ what }) => what.startsWith("not a message: RangeError"))).toBe(true);
    expect(Float64Array.prototype.constructor).toBe(Float64Array);
  });
});

/** These are read in a thread that damaged files end: some files of each thousand take a second and a half. */
const slow = new Set(["hdf5", "matlab-7.3"]);

describe("damaged files are read, or refused with a message", () => {
  // The first reader waits until all modules are loaded, which takes long on a busy machine.
  test.each(Object.keys(readers))("%s", { timeout: 300_000 }, async (name) => {
    const watch = watchAllocations();
    try {
      const reader = await (readers[name] as NonNullable<(typeof readers)[string]>)();
      const { failures, rejected } = await fuzzReader(
        reader,
        { seed: 2, from: 0, to: slow.has(name) ? 300 : 2000 },
        watch,
      );
      expect(failures).toEqual([]);
      expect(rejected).toBeGreaterThan(50);
    } finally {
      watch.end();
    }
  });
});
