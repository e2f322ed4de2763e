import { describe, expect, it } from "vitest";
import { findBudgetViolations } from "./check-budget.js";
import { withFiles } from "./testing/with-files.ts";

const check = (files: Record<string, string>, excused: { path: string; reason: string }[] = []): string[] =>
  withFiles(files, (root) => findBudgetViolations(root, { fileLines: 6, functionLines: 3, excused }));

const short = "/**\n * Three lines\n * above do not count.\n */\nexport function a() {\n}\n";
const longFile = "1;\n2;\n3;\n4;\n5;\n6;\n7;\n";
const longFunction = "const f = () => {\n  1;\n  2;\n};\n";

describe("findBudgetViolations", () => {
  it("accepts what is small, and long functions in tests", () => {
    expect(check({ "packages/p/src/a.ts": short, "packages/p/src/a.test.ts": longFunction })).toEqual([]);
  });

  it("rejects a long file, test or not, and a long function with its place", () => {
    expect(check({ "apps/p/src/a.ts": longFile, "apps/p/src/a.test.ts": longFile })).toEqual([
      "apps/p/src/a.test.ts: 7 lines, at most 6",
      "apps/p/src/a.ts: 7 lines, at most 6",
    ]);
    expect(check({ "tools/a.js": longFunction })).toEqual(["tools/a.js:1: function of 4 lines, at most 3"]);
  });

  it("passes over an excused file and reports an excuse that is idle or has no reason", () => {
    const excuse = { path: "tools/a.js", reason: "one table" };
    expect(check({ "tools/a.js": longFile }, [excuse])).toEqual([]);
    expect(check({ "tools/a.js": short }, [excuse])).toEqual([
      "tools/budget.json: tools/a.js needs no excuse any more",
    ]);
    expect(check({ "tools/a.js": longFile }, [{ ...excuse, reason: " " }])).toEqual([
      "tools/budget.json: the excuse of tools/a.js has no reason",
    ]);
  });
});
