/** Files that are made to hurt: they fill the memory, or never end. Each is refused with a message. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { Gunzip, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { mutations } from "../../../fuzz/mutate.ts";
import { sourcesOf } from "./sources-of.ts";
import { largestUnpacked, unpack } from "./unpack.ts";

const text = (letters: string): Uint8Array => Uint8Array.from(letters, (letter) => letter.charCodeAt(0));

const npy = (header: string, data: number): Uint8Array => {
  const bytes = new Uint8Array(10 + header.length + data);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(text(header), 10);
  return bytes;
};

const secondsSince = (started: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
};

const joined = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

describe("gzip files", () => {
  it("are unpacked to 256 MB or ten times their length, and no further", () => {
    expect([1000, 1e9].map(largestUnpacked)).toEqual([256e6, 1e10]);
    const bomb = new Uint8Array(gzipSync(new Uint8Array(40e6)));
    let length = 0;
    unpack(new Gunzip(), bomb, (piece) => {
      length += piece.length;
      return length <= 1000;
    });
    expect(length).toBeGreaterThan(1000);
    expect(length).toBeLessThan(20e6);
  });

  it("hold no gzip file, which could be themselves", async () => {
    const twice = new Uint8Array(gzipSync(gzipSync("t,x\n0,1\n")));
    await expect(sourcesOf("a.csv.gz", twice)).rejects.toThrow("expected a table in the gzip file, got another gzip");
  });

  it("may hold columns that never change", async () => {
    const line = (row: number): string => `${row},${"0.000,".repeat(20)}1\n`;
    const table = Array.from({ length: 20_000 }, (_, row) => line(row)).join("");
    const packed = new Uint8Array(gzipSync(table));
    expect(table.length / packed.length).toBeGreaterThan(30);
    const [source] = await sourcesOf("a.csv.gz", packed);
    expect(source?.names.length).toBe(22);
  });
});

describe("zip archives", () => {
  const honest = zipSync({ "t.npy": npy("{'descr': '<f8', 'fortran_order': False, 'shape': (250000,), }\n", 2e6) });
  const view = new DataView(honest.buffer, honest.byteOffset, honest.length);
  const directory = view.getUint32(honest.length - 6, true);
  const entry = honest.subarray(directory, honest.length - 22);
  const archive = (entries: number, end: (view: DataView) => void = () => {}): Uint8Array => {
    const tail = honest.slice(honest.length - 22);
    new DataView(tail.buffer).setUint16(8, entries, true);
    new DataView(tail.buffer).setUint16(10, entries, true);
    end(new DataView(tail.buffer));
    return joined([honest.subarray(0, directory), ...Array.from({ length: entries }, () => entry), tail]);
  };

  it("whose members are all the same bytes are counted with what they unpack to", async () => {
    await expect(sourcesOf("a.npz", archive(200))).rejects.toThrow(
      "expected at most 256 MB, or ten times the file, when it is unpacked, got more\nSave it with numpy.savez instead.",
    );
  });

  it("have no more members than their directory has room for", async () => {
    const endless = archive(1, (tail) => tail.setUint16(8, 65_535, true));
    await expect(sourcesOf("a.npz", endless)).rejects.toThrow("Cannot read a.npz: expected ");
  });

  it("may have names with many slashes", async () => {
    const deep = zipSync({
      [`${"a/".repeat(30_000)}t.npy`]: npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", 16),
    });
    expect(await sourcesOf("a.npz", deep)).toHaveLength(1);
  });
});

describe("NPY files", () => {
  it.each([
    ["fields of no bytes", "{'descr': [('x', '<U0', (1000000000,))], 'fortran_order': False, 'shape': (8,), }"],
    [
      "many fields of no bytes",
      `{'descr': [${"('x', 'S0'),".repeat(3000)}], 'fortran_order': False, 'shape': (99,), }`,
    ],
    ["a shape beyond all numbers", `{'descr': '<f8', 'fortran_order': False, 'shape': (${"9999999,".repeat(60)}), }`],
    ["a negative length", "{'descr': '<f8', 'fortran_order': False, 'shape': (-5,), }"],
    ["brackets without end", "(".repeat(60_000)],
    ["quotes without end", `'${"\\'".repeat(30_000)}`],
  ])("with %s", async (_, header) => {
    const started = process.cpuUsage();
    await expect(sourcesOf("a.npy", npy(header, 200))).rejects.toThrow(/^Cannot read a\.npy: expected /);
    expect(secondsSince(started)).toBeLessThan(2);
  });
});

describe("MATLAB files", () => {
  it("with cells in cells in cells", async () => {
    const word = (...numbers: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(numbers).buffer);
    const head = joined([word(6, 8, 1, 0), word(5, 8, 1, 1), word(1, 0)]);
    let cell: Uint8Array = joined([word(14, head.length), head]);
    for (let depth = 0; depth < 2000; depth++) cell = joined([word(14, head.length + cell.length), head, cell]);
    const mark = new Uint8Array(128).fill(32);
    mark.set(text("MATLAB 5.0 MAT-file"));
    mark.set([0, 1, 0x49, 0x4d], 124);
    await expect(sourcesOf("a.mat", joined([mark, cell]))).rejects.toThrow(
      "Cannot read a.mat: expected at most 30 nested cells and structs, got more",
    );
  });
});

describe("HDF5 files", () => {
  it("with groups that hold themselves", async () => {
    const library = await import("h5wasm");
    const { FS } = await library.ready;
    const file = new library.File("/made.h5", "w");
    const group = file.create_group("a");
    for (const name of ["b", "c", "d"]) library.Module.create_hard_link(file.file_id, "/a", `/a/${name}`);
    group.create_dataset({ name: "t", data: Float64Array.of(1, 2, 3) });
    file.close();
    const bytes = FS.readFile("/made.h5") as Uint8Array;
    const started = process.cpuUsage();
    expect((await sourcesOf("a.h5", bytes)).map(({ names }) => names)).toEqual([["t"]]);
    expect(secondsSince(started)).toBeLessThan(2);
  });

  it("with a data set that was never written", async () => {
    const library = await import("h5wasm");
    const { FS } = await library.ready;
    const file = new library.File("/empty.h5", "w");
    file.create_dataset({ name: "t", data: new Float64Array(2), shape: [2], maxshape: [null], chunks: [2] });
    library.Module.resize_dataset(file.file_id, "/t", [1_000_000_000n]);
    file.close();
    const bytes = FS.readFile("/empty.h5") as Uint8Array;
    await expect(sourcesOf("a.h5", bytes)).rejects.toThrow("got t: 8000000000 bytes, more than the file holds\n");
  });
});

describe("Parquet files", () => {
  it("end where an element of the schema has less than no children", async () => {
    const files = ["types.parquet", "pendulum-none.parquet", "pendulum-snappy.parquet", "pendulum-gzip.parquet"];
    const good = files.map(
      (name) => new Uint8Array(readFileSync(new URL(`testing/fixtures/${name}`, import.meta.url))),
    );
    // Found by `npm run fuzz -- --reader parquet --seed 1`.
    await expect(sourcesOf("a.parquet", mutations(good, 1)(37742))).rejects.toThrow("Cannot read a.parquet: expected ");
  });
});
