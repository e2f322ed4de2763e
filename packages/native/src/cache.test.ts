import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultCacheFolder, fetchLibrary, libraryName, openCache } from "./cache.ts";

let top = "";
beforeEach(() => {
  top = mkdtempSync(path.join(os.tmpdir(), "native-cache-"));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

/** A build that writes `text` and counts itself. */
function builder(text: string): { readonly build: (into: string) => void; readonly count: () => number } {
  let built = 0;
  return {
    build: (into) => {
      built++;
      writeFileSync(path.join(into, libraryName), text);
    },
    count: () => built,
  };
}

describe("openCache", () => {
  it("makes a private folder", () => {
    const folder = path.join(top, "a", "b");
    openCache(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(() => openCache(folder)).not.toThrow();
  });

  it.each([0o777, 0o770, 0o722])("refuses a folder of mode %o, and says what to do", (mode) => {
    const folder = path.join(top, "open");
    mkdirSync(folder);
    chmodSync(folder, mode);
    expect(() => openCache(folder)).toThrow(
      `expected a folder that only this user can write, got permissions ${mode.toString(8)}, which let others write\nRun chmod 700 ${folder}`,
    );
  });

  it("refuses a link and a file", () => {
    symlinkSync(top, path.join(top, "link"));
    writeFileSync(path.join(top, "file"), "");
    expect(() => openCache(path.join(top, "link"))).toThrow("got something else, or a link");
    expect(() => openCache(path.join(top, "file"))).toThrow("Cannot keep compiled code in");
  });

  it.skipIf(process.getuid?.() !== 0)("refuses a folder of another user", () => {
    const folder = path.join(top, "theirs");
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, 12345, 12345);
    expect(() => openCache(folder)).toThrow("expected a folder that only this user can write, got one of user 12345");
  });

  it("lies below XDG_CACHE_HOME where that is absolute", () => {
    const before = process.env.XDG_CACHE_HOME;
    try {
      process.env.XDG_CACHE_HOME = "/somewhere";
      expect(defaultCacheFolder()).toBe("/somewhere/leastaction/native");
      process.env.XDG_CACHE_HOME = "relative";
      expect(defaultCacheFolder()).toBe(path.join(os.homedir(), ".cache/leastaction/native"));
    } finally {
      if (before === undefined) delete process.env.XDG_CACHE_HOME;
      else process.env.XDG_CACHE_HOME = before;
    }
  });
});

describe("fetchLibrary", () => {
  it("builds once", () => {
    const { build, count } = builder("code");
    const file = fetchLibrary(top, "key", build);
    expect(fetchLibrary(top, "key", build)).toBe(file);
    expect(readFileSync(file, "utf8")).toBe("code");
    expect(count()).toBe(1);
    expect(readdirSync(top)).toEqual(["key"]);
  });

  it.each([
    ["a library cut short", (file: string) => writeFileSync(file, "co")],
    ["no library", (file: string) => rmSync(file)],
    ["no digest", (file: string) => rmSync(path.join(path.dirname(file), "sha256"))],
  ])("builds again where it finds %s", (_, spoil) => {
    const { build, count } = builder("code");
    spoil(fetchLibrary(top, "key", build));
    expect(readFileSync(fetchLibrary(top, "key", build), "utf8")).toBe("code");
    expect(count()).toBe(2);
    expect(readdirSync(top)).toEqual(["key"]);
  });

  it("takes what another process put there meanwhile", () => {
    const other = builder("theirs");
    const file = fetchLibrary(top, "key", (into) => {
      fetchLibrary(top, "key", other.build);
      writeFileSync(path.join(into, libraryName), "ours");
    });
    expect(readFileSync(file, "utf8")).toBe("theirs");
    expect(readdirSync(top)).toEqual(["key"]);
  });

  it("leaves nothing of a build that fails", () => {
    const failing = (): void => {
      throw new Error("no");
    };
    expect(() => fetchLibrary(top, "key", failing)).toThrow("no");
    expect(readdirSync(top)).toEqual([]);
  });

  it("keeps within its room: what was used longest ago goes first", () => {
    const { build } = builder("1234567890");
    const fetch = (key: string): void => void fetchLibrary(top, key, build, 20);
    const usedAt = (key: string, seconds: number): void => utimesSync(path.join(top, key, "sha256"), seconds, seconds);
    for (const [key, seconds] of [
      ["a", 3],
      ["b", 1],
      ["c", 2],
    ] as const) {
      fetch(key);
      usedAt(key, seconds);
    }
    expect(readdirSync(top).sort()).toEqual(["a", "b", "c"]);
    fetch("b");
    fetch("d");
    expect(readdirSync(top).sort()).toEqual(["a", "b", "d"]);
  });

  it("removes what a crash left, but not a build that may still run", () => {
    for (const name of ["building-old", "building-new"]) mkdirSync(path.join(top, name));
    utimesSync(path.join(top, "building-old"), 0, 0);
    fetchLibrary(top, "key", builder("code").build);
    expect(existsSync(path.join(top, "building-old"))).toBe(false);
    expect(existsSync(path.join(top, "building-new"))).toBe(true);
  });
});
