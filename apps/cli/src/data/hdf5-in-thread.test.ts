/** HDF5 files that would never end, or fill the memory, are refused; the good ones after them are read. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { hdf5Arrays } from "@leastaction/formats";
import { expect, test } from "vitest";
import { mutations } from "../../../../fuzz/mutate.ts";
import { main } from "../main.ts";
import { inFolder, memoryIo } from "../testing/memory-io.ts";
import { hdf5InThread } from "./hdf5-in-thread.ts";

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../../packages/formats/src/testing/fixtures/${name}`, import.meta.url)));

const good = ["groups.h5", "records.h5", "pendulum.h5"].map(fixture);
const [groups, records] = good as [Uint8Array, Uint8Array];

// Found by `npm run fuzz -- --reader hdf5 --seed 1`.
const damaged = mutations(good, 1);
const endless = [1630, 2919];
const greedy = 2696;

const secondsFor = (): number => 1.5;

test("files are read as without a thread, several at a time too", async () => {
  const read = hdf5InThread();
  const expected = await Promise.all([groups, records].map((bytes) => hdf5Arrays(bytes, "a.h5")));
  expect(await Promise.all([groups, records].map((bytes) => read(bytes, "a.h5")))).toEqual(expected);
  expect(await Promise.all([records, groups].map((bytes) => read(bytes, "a.h5")))).toEqual(expected.reverse());
});

test("what the reader refuses keeps its message", async () => {
  const cutOff = records.slice(0, 300);
  const own = await hdf5Arrays(cutOff, "a.h5").catch((error: unknown) => error as Error);
  const error = await hdf5InThread()(cutOff, "a.h5").catch((each: unknown) => each as Error);
  expect(error).toMatchObject({ name: "DataError", code: "truncated", file: "a.h5" });
  expect(error).toHaveProperty("message", (own as Error).message);
});

test("files that the library reads without end are refused when their time is over", async () => {
  const read = hdf5InThread(secondsFor);
  for (const index of endless) {
    await expect(read(damaged(index), "a.h5")).rejects.toThrow(
      /^Cannot read a\.h5: expected an HDF5 file that is read within 2 s, got no end of it\nThe file is likely damaged: /,
    );
  }
  expect(await read(groups, "a.h5")).toEqual(await hdf5Arrays(groups, "a.h5"));
});

test("a file that makes the library ask for 1.9 GB ends the command with status 3", async () => {
  await inFolder({}, async (folder) => {
    writeFileSync(path.join(folder, "a.h5"), damaged(greedy));
    const io = memoryIo(folder);
    expect(await main(["inspect", "a.h5"], io)).toBe(3);
    expect(io.text("error")).toBe(
      "Cannot read a.h5: expected an HDF5 file that is read in 512 MB of memory, got one that takes more\n" +
        "The file is likely damaged: copy it again, or save it again where it was made.\n",
    );
    expect(io.text("out")).toBe("");
  });
});
