import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { add, array, compile, sin, type Tensor, wasm } from "@leastaction/tensor";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileStore } from "./file-store.ts";
import { native } from "./native.ts";
import { hasCompiler } from "./testing/test-compiler.ts";

let top = "";
beforeEach(() => {
  top = mkdtempSync(path.join(os.tmpdir(), "native-store-"));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const entries = (): string[] => readdirSync(top).map((name) => path.join(top, name));

describe("fileStore", () => {
  it("gives back what was written, to this process and the next", () => {
    fileStore({ folder: top }).write(["a", bytes(1, 2)], bytes(3, 4, 5));
    expect(fileStore({ folder: top }).read(["a", bytes(1, 2)])).toEqual(Buffer.from([3, 4, 5]));
    expect(statSync(entries()[0] as string).mode & 0o777).toBe(0o600);
  });

  it("tells keys apart by every part", () => {
    const store = fileStore({ folder: top });
    const keys = [["ab"], ["a", "b"], ["b", "a"], ["ab", ""], [bytes(1)], [bytes(1, 0)], [bytes(1), bytes(0)]];
    keys.forEach((key, i) => {
      store.write(key, bytes(i));
    });
    expect(keys.map((key) => store.read(key)?.[0])).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(store.read(["c"])).toBeUndefined();
  });

  it.each([
    ["cut short", (file: string) => truncateSync(file, statSync(file).size - 1)],
    ["empty", (file: string) => truncateSync(file, 0)],
    ["changed", (file: string) => writeFileSync(file, readFileSync(file).fill(7, 40, 41))],
    [
      "a folder",
      (file: string) => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
  ])("takes an entry that is %s for none", (_, spoil) => {
    const store = fileStore({ folder: top });
    store.write(["a"], bytes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
    spoil(entries()[0] as string);
    expect(store.read(["a"])).toBeUndefined();
    expect(() => store.write(["a"], bytes(1))).not.toThrow();
  });

  it("keeps within its room: what was used longest ago goes first", () => {
    const store = fileStore({ folder: top, room: 4 * 132 });
    const hundred = new Uint8Array(100);
    ["a", "b", "c"].forEach((key, i) => {
      const before = entries();
      store.write([key], hundred);
      const [made = ""] = entries().filter((file) => !before.includes(file));
      utimesSync(made, 100 + i, 100 + i);
    });
    store.read(["a"]);
    store.write(["d"], hundred);
    store.write(["e"], hundred);
    expect(["a", "b", "c", "d", "e"].filter((key) => store.read([key]) !== undefined)).toEqual(["a", "c", "d", "e"]);
    store.write(["large"], new Uint8Array(200));
    expect(store.read(["large"])).toBeUndefined();
  });

  it("removes what a crash left, but not what may still be written", () => {
    for (const name of ["writing-old", "writing-new"]) writeFileSync(path.join(top, name), "");
    utimesSync(path.join(top, "writing-old"), 0, 0);
    fileStore({ folder: top }).write(["a"], bytes(1));
    expect(readdirSync(top)).toContain("writing-new");
    expect(readdirSync(top)).not.toContain("writing-old");
  });

  it("refuses a folder that others may write", () => {
    chmodSync(top, 0o777);
    expect(() => fileStore({ folder: top })).toThrow("expected a folder that only this user can write");
  });
});

const x = array([0.5, -1, 2], [3], "float32");
const step = (y: Tensor): Tensor => add(sin(y), array([1, 2, 3], [3], "float32"));

describe("targets with a store in files", () => {
  it("run what an earlier target left", () => {
    const run = (): unknown => compile(step as never, [x], wasm({ store: fileStore({ folder: top }) })).callSync(x);
    const first = run();
    expect(entries()).toHaveLength(1);
    expect(run()).toEqual(first);
    expect(entries()).toHaveLength(1);
  });

  it.skipIf(!hasCompiler)("make a library again that is gone", () => {
    const run = (): unknown => compile(step as never, [x], native({ cacheFolder: top })).callSync(x);
    const first = run();
    const libraries = readdirSync(top).filter((name) => name !== "programs");
    expect(libraries).toHaveLength(1);
    rmSync(path.join(top, libraries[0] as string), { recursive: true });
    expect(run()).toEqual(first);
    expect(readdirSync(top).sort()).toEqual([...libraries, "programs"].sort());
  });
});
