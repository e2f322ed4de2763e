import { DataError, type Dataset, datasetOf, decodePieces } from "@leastaction/dynamics";
import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { sourcesOf } from "./sources-of.ts";
import { fixture } from "./testing/fixture.ts";

const read = async (name: string, columns: Readonly<Record<string, string>> = {}): Promise<Dataset> =>
  datasetOf(await sourcesOf(name, fixture(name)), { columns });

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

describe("the corners of NPY and NPZ", () => {
  it("names the columns of a matrix by the words beside it", async () => {
    const data = await read("matrix-names.npz");
    expect(data.observed.map(({ header }) => header)).toEqual(["theta1 [rad]", "omega1 [rad/s]"]);
    expect(data.reading.notes).toEqual(["not part of the table: gain (one number)"]);
    expect(data.trajectories[0]?.values[0]).toBe(1.523164);
  });

  it.each(["matrix-big-endian.npy", "matrix-fortran-f4.npy"])("reads a matrix without names: %s", async (name) => {
    const data = await read(name, { "2": "theta:angle", "3": "omega:velocity" });
    const [trajectory] = data.trajectories;
    expect(trajectory?.times[2]).toBeCloseTo(0.01, 8);
    expect(trajectory?.values[2]).toBeCloseTo(1.533454, 6);
    expect(trajectory?.values[3]).toBeCloseTo(2.170179, 6);
  });

  it("reads times of the calendar, small types, and says what it cannot read", async () => {
    const data = await read("types.npz", { x: "coordinate:m", y: "coordinate:m", u: "control" });
    const [trajectory] = data.trajectories;
    expect(Array.from(trajectory?.times.subarray(0, 3) ?? [])).toEqual([0, 0.005, 0.01]);
    expect(Array.from(trajectory?.values.subarray(18, 20) ?? [])).toEqual([9, 9]);
    expect(trajectory?.controls[19]).toBe(1);
    expect(data.reading.notes).toEqual(["not part of the table: z: complex numbers"]);
  });

  it("makes one trajectory of each folder in an archive", async () => {
    const { trajectories } = await read("two-runs.npz", { x: "angle:rad" });
    expect(trajectories.map(({ name, times }) => [name, times.length])).toEqual([
      ["first", 20],
      ["second", 30],
    ]);
  });

  it("refuses pickles, and archives without arrays", async () => {
    await expect(read("objects.npy")).rejects.toThrow(
      "Cannot read objects.npy: expected numbers or words, got pickled Python objects, which are programs",
    );
    const workbook = zipSync({ "xl/workbook.xml": new Uint8Array(10) });
    await expect(sourcesOf("book.xlsx", workbook)).rejects.toThrow(
      "Cannot read book.xlsx: expected an archive of .npy arrays, got an Excel workbook\nSave it as CSV",
    );
  });
});

describe("the corners of MATLAB", () => {
  it("reads the fields of a struct, and says what is no part of the table", async () => {
    const data = await read("struct.mat");
    expect(data.trajectories.map(({ name, times }) => [name, times.length])).toEqual([["run", 20]]);
    expect(data.reading.notes).toEqual(["not part of the table: names (one word)"]);
  });

  it.each(["cells.mat", "cells-7.3.mat"])("makes one trajectory of each cell: %s", async (name) => {
    const { trajectories, coordinates } = await read(name, { x1: "angle:rad", x2: "velocity:rad/s" });
    expect(trajectories.map(({ times }) => times.length)).toEqual([20, 30]);
    expect(coordinates.map((coordinate) => coordinate.name)).toEqual(["x1"]);
    expect(trajectories[1]?.values[2]).toBeCloseTo(1.533454, 12);
    expect(trajectories[1]?.times[29]).toBeCloseTo(0.145, 6);
  });

  it("names what it cannot read", async () => {
    await expect(read("complex.mat")).rejects.toThrow(
      "Cannot read complex.mat: expected arrays with one row for each time, got z: complex numbers",
    );
  });
});

describe("the corners of HDF5 and Parquet", () => {
  it("takes groups for trajectories, and units from attributes", async () => {
    const data = await read("groups.h5");
    expect(data.trajectories.map(({ name, times }) => [name, times.length])).toEqual([
      ["first", 20],
      ["second", 30],
    ]);
    expect(data.coordinates[0]?.header).toBe("angle [deg]");
    expect(data.trajectories[0]?.values[0]).toBeCloseTo(1.523164, 6);
    expect(data.trajectories[1]?.times[29]).toBeCloseTo(0.145, 12);
  });

  it("reads records", async () => {
    const data = await read("records.h5");
    expect(data.trajectories[0]?.values[1]).toBe(1.533454);
  });

  it("reads times of the calendar and missing values, and leaves nested columns out", async () => {
    const data = await read("types.parquet");
    const [trajectory] = data.trajectories;
    expect(trajectory?.times[2]).toBe(0.01);
    expect(Array.from(trajectory?.mask.subarray(2, 5) ?? [])).toEqual([1, 0, 1]);
    expect(data.reading.notes).toEqual(["not part of the table, nested: raw"]);
  });
});

describe("texts", () => {
  const table = "time [s],Weg [µm]\n0,1\n0.1,2\n0.2,3\n";
  const twoBytes = (isLittle: boolean, text: string): Uint8Array => {
    const view = new DataView(new ArrayBuffer(2 * text.length));
    for (let at = 0; at < text.length; at++) view.setUint16(2 * at, text.charCodeAt(at), isLittle);
    return new Uint8Array(view.buffer);
  };

  it.each([
    ["UTF-8", new TextEncoder().encode(table)],
    ["UTF-8 with a mark", new TextEncoder().encode(`\ufeff${table}`)],
    ["UTF-16 with a mark, little", twoBytes(true, `\ufeff${table}`)],
    ["UTF-16 with a mark, big", twoBytes(false, `\ufeff${table}`)],
    ["UTF-16 without a mark", twoBytes(true, table)],
    ["Latin-1", Uint8Array.from(table, (letter) => letter.charCodeAt(0))],
  ])("come in %s", async (_, bytes) => {
    const data = datasetOf(await sourcesOf("way.csv", bytes), { minimumRows: 3 });
    expect(data.coordinates[0]?.header).toBe("Weg [µm]");
    expect(data.trajectories[0]?.values[2]).toBeCloseTo(3e-6, 18);
  });

  it("come in pieces, cut inside letters", () => {
    for (const bytes of [new TextEncoder().encode(table), twoBytes(false, `\ufeff${table}`)]) {
      const pieces = (): Uint8Array[] => Array.from({ length: 8 }, (_, at) => bytes.subarray(11 * at, 11 * at + 11));
      expect([...decodePieces(pieces)()].join("")).toBe(table);
    }
  });

  it("say when they are no UTF-8", async () => {
    const bytes = Uint8Array.from(table, (letter) => letter.charCodeAt(0));
    const data = datasetOf(await sourcesOf("way.csv", bytes), { minimumRows: 3 });
    expect(data.reading.notes).toEqual(["read as Latin-1"]);
  });
});

describe("damaged and foreign files", () => {
  const files = [
    "pendulum.npz",
    "pendulum-compressed.npz",
    "pendulum-records.npy",
    "matrix-fortran-f4.npy",
    "pendulum.mat",
    "pendulum-compressed.mat",
    "cells.mat",
    "pendulum-7.3.mat",
    "groups.h5",
    "pendulum-zstd.parquet",
    "types.parquet",
    "pendulum.csv.gz",
  ];

  /** Reads or explains; anything but a `DataError` is a fault. */
  const readsOrExplains = async (name: string, bytes: Uint8Array): Promise<boolean> => {
    try {
      datasetOf(await sourcesOf(name, bytes));
      return true;
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      return error.message.startsWith("Cannot read ") && error.remedy.length > 10;
    }
  };

  it.each(files)("explains every cut of %s", async (name) => {
    const whole = fixture(name);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), (length) => readsOrExplains(name, whole.slice(0, length))),
      { numRuns: 40, seed: 20261121 },
    );
  });

  it.each(files)("reads or explains %s with bytes changed", async (name) => {
    const whole = fixture(name);
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        return readsOrExplains(name, bytes);
      }),
      { numRuns: 40, seed: 20261121 },
    );
  });

  it("allocates nothing for a header that claims more than the file holds", async () => {
    const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (900000000000, 2), }".padEnd(117);
    const bytes = new Uint8Array(10 + 118 + 16);
    bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
    bytes.set(new TextEncoder().encode(`${header}\n`), 10);
    await expect(sourcesOf("big.npy", bytes)).rejects.toThrow(
      "Cannot read big.npy: expected 14400000000000 bytes for 900000000000 x 2 elements of 8 bytes, got 16",
    );
  });

  it.each([
    [[0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0], "an old Excel workbook"],
    [[0x54, 0x44, 0x53, 0x6d, 0, 0, 0, 0], "a LabVIEW TDMS file"],
    [[0x80, 0x04, 0x95, 0x00], "a Python pickle, which is a program"],
    [[1, 2, 3, 0, 0, 0, 0, 1], "bytes of an unknown format"],
  ])("says what a foreign file is: %j", async (start, what) => {
    const bytes = Uint8Array.from({ length: 200 }, (_, at) => start[at] ?? 0);
    await expect(sourcesOf("rig.csv", bytes)).rejects.toThrow(
      `Cannot read rig.csv: expected a table as text, NPY, NPZ, Parquet, HDF5 or MATLAB, got ${what}\n`,
    );
  });
});
