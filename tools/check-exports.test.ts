import { describe, expect, it } from "vitest";
import { findExportViolations } from "./check-exports.js";
import { withFiles } from "./testing/with-files.ts";

const manifest = {
  name: "sample",
  version: "1.2.3",
  type: "module",
  exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
  bin: { sample: "bin/sample.js" },
  files: ["bin", "dist"],
};
const good = {
  "package.json": JSON.stringify(manifest),
  LICENSE: "MIT",
  "dist/index.js": "export const a = 1;",
  "dist/index.d.ts": "export declare const a: number;",
  "bin/sample.js": "console.log('1.2.3');",
};
const check = (files: Record<string, string>): string[] => withFiles(files, findExportViolations);

describe("findExportViolations", () => {
  it("accepts a package that is what it says", () => {
    expect(check(good)).toEqual([]);
  });

  it("rejects targets that do not exist", () => {
    const { "dist/index.js": _, ...rest } = good;
    expect(check(rest)).toEqual(["sample: ./dist/index.js does not exist"]);
  });

  it("rejects an entry that throws and a bin that prints another version", () => {
    const [entry, bin] = check({
      ...good,
      "dist/index.js": "throw new Error('at import');",
      "bin/sample.js": "console.log('9.9.9');",
    });
    expect(entry).toContain("sample: cannot import 'sample'");
    expect(entry).toContain("at import");
    expect(bin).toBe("sample: 'sample --version' printed '9.9.9', expected '1.2.3'");
  });

  it("rejects a tarball without its licence or with tests", () => {
    const { LICENSE: _, ...rest } = good;
    expect(check({ ...rest, "dist/a.test.js": "" })).toEqual([
      "sample: the tarball lacks LICENSE",
      "sample: the tarball holds the test file dist/a.test.js",
    ]);
  });
});
