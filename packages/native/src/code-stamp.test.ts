import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeStamp, partOf, stampOf } from "./code-stamp.ts";

let top = "";
beforeEach(() => {
  top = mkdtempSync(path.join(os.tmpdir(), "native-stamp-"));
  mkdirSync(path.join(top, "src/lower"), { recursive: true });
  place("src/lower/code-url.ts", "first");
  place("src/a.ts", "first");
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

/** A file as an archive leaves it: all have one time. */
function place(name: string, text: string): void {
  writeFileSync(path.join(top, name), text);
  utimesSync(path.join(top, name), 1000, 1000);
}

const stamp = (): string => stampOf([path.join(top, "src")]);

describe("stampOf", () => {
  it.each([
    ["other contents of the same size and time", () => place("src/lower/code-url.ts", "other")],
    ["one file more", () => place("src/new.ts", "")],
    ["a file of another name", () => renameSync(path.join(top, "src/a.ts"), path.join(top, "src/b.ts"))],
  ])("differs with %s", (_, change) => {
    const before = stamp();
    expect(stamp()).toBe(before);
    change();
    expect(stamp()).not.toBe(before);
  });

  it("takes no notice of types and tests", () => {
    const before = stamp();
    place("src/a.d.ts", "");
    place("src/a.test.ts", "");
    expect(stamp()).toBe(before);
  });

  it("takes code in one file for that file", () => {
    const url = pathToFileURL(path.join(top, "src/lower/code-url.ts")).href;
    expect(partOf(url, "lower/code-url")).toBe(path.join(top, "src") + path.sep);
    const bundle = pathToFileURL(path.join(top, "bundle.js")).href;
    expect(partOf(bundle, "lower/code-url")).toBe(path.join(top, "bundle.js"));
    place("bundle.js", "all");
    expect(stampOf([partOf(bundle, "lower/code-url")])).toMatch(/^[0-9a-f]{64}$/);
  });

  it("is made of the code that runs", () => expect(codeStamp()).toMatch(/^[0-9a-f]{64}$/));
});
