import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";
import { replaceFile } from "./replace-file.ts";
import { inFolder } from "./testing/memory-io.ts";

describe("replacing a file", () => {
  test("leaves the old content and nothing beside it where what was written is not right", () =>
    inFolder({ "a.txt": "old" }, async (folder) => {
      const file = path.join(folder, "a.txt");
      const refuse = async (beside: string): Promise<void> => {
        expect(readFileSync(beside, "utf8")).toBe("new");
        throw new Error("not right");
      };
      await expect(replaceFile(file, "new", refuse)).rejects.toThrow("not right");
      expect(readFileSync(file, "utf8")).toBe("old");
      expect(readdirSync(folder)).toEqual(["a.txt"]);
      await replaceFile(file, "new");
      expect(readFileSync(file, "utf8")).toBe("new");
      expect(readdirSync(folder)).toEqual(["a.txt"]);
    }));

  test("leaves nothing beside it where it cannot take its place", () =>
    inFolder({}, async (folder) => {
      mkdirSync(path.join(folder, "a.txt/b"), { recursive: true });
      await expect(replaceFile(path.join(folder, "a.txt"), "new")).rejects.toMatchObject({ code: "EISDIR" });
      expect(readdirSync(folder)).toEqual(["a.txt"]);
    }));
});

describe("making a folder", () => {
  test("makes those around it, also several at once", () =>
    inFolder({}, async (folder) => {
      const deep = path.join(folder, "a/b/c");
      await Promise.all([makeFolder(deep), makeFolder(deep), makeFolder(path.join(folder, "a/b/d"))]);
      expect(readdirSync(path.join(folder, "a/b")).sort()).toEqual(["c", "d"]);
    }));

  test("ends where a link leads nowhere", () =>
    inFolder({}, async (folder) => {
      symlinkSync(path.join(folder, "nowhere"), path.join(folder, "link"));
      await makeFolder(path.join(folder, "link/a"));
      await expect(replaceFile(path.join(folder, "link/a/b"), "")).rejects.toMatchObject({ code: "ENOENT" });
    }));
});
