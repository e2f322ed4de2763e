import { describe, expect, it } from "vitest";
import { findBrokenLinks, findUndocumented } from "./check-docs.js";
import { fencedBlocks, joinedBlocks } from "./markdown.js";
import { readPublicExports } from "./public-exports.js";
import { findFailingExamples, toModule } from "./run-examples.js";
import { withFiles } from "./testing/with-files.ts";

describe("findUndocumented", () => {
  const read = (inner: string) =>
    withFiles({ "src/index.ts": 'export { a } from "./a.ts";', "src/a.ts": inner }, (root) =>
      readPublicExports(root, { sample: "src/index.ts" }),
    );

  it("accepts an export with a docstring, and reads its examples", () => {
    const exported = read(
      "/**\n * One.\n * @example\n * ```ts\n * a(); // => 1\n * ```\n */\nexport const a = (): number => 1;",
    );
    expect(findUndocumented(exported)).toEqual([]);
    expect(exported[0]?.examples).toEqual(["a(); // => 1"]);
  });

  it("rejects an export without one, at the place where it is declared", () => {
    expect(findUndocumented(read("\n// Not a docstring.\nexport const a = 1;"))).toEqual([
      "src/a.ts:3: 'a' is exported by sample and has no docstring",
    ]);
  });
});

describe("findBrokenLinks", () => {
  it("accepts files, folders, anchors and addresses, and passes over code", () => {
    const page = "[a](b/c.md#part) ![p](b) [x](https://example.org) [y](#here) `[i](j)`\n```\n[no](where)\n```\n";
    expect(
      withFiles({ "a.md": page, "b/c.md": "[up](../a.md)" }, (root) => findBrokenLinks(root, ["a.md", "b/c.md"])),
    ).toEqual([]);
  });

  it("rejects a link to nothing, seen from the page's own folder", () => {
    expect(withFiles({ "b/a.md": "[up](c.md)", "c.md": "" }, (root) => findBrokenLinks(root, ["b/a.md"]))).toEqual([
      "b/a.md: the link to 'c.md' leads nowhere",
    ]);
  });
});

describe("findFailingExamples", () => {
  const run = (...codes: string[]): string[] =>
    withFiles({}, (root) =>
      findFailingExamples(
        root,
        codes.map((code, index) => ({ place: `at ${index}`, code })),
        {},
      ),
    );

  it("accepts examples that show what they say", () => {
    expect(
      run("1 + 1; // => 2", "const a = [0.1 + 0.2];\na; // => [0.3]", "Float32Array.of(1, 2) // => [1, 2]"),
    ).toEqual([]);
  });

  it("rejects another value, an exception and code that does not compile", () => {
    expect(run("1 + 1; // => 2", "1 + 1; // => 3", "throw new RangeError('no');")).toEqual([
      "at 1: Error: expected 3, got 2",
      "at 2: RangeError: no",
    ]);
    expect(run("const a: string = 1;")[0]).toMatch(/^at 0: does not compile: error TS2322/);
  });

  it("imports the public names that an example uses, unless it imports by itself", () => {
    const names = { sample: ["add", "mul", "q"] };
    expect(toModule("const q = 2; add(q, mul2);", names)).toContain('import { add } from "sample";\n');
    expect(toModule('import { add } from "other";\nadd(mul);', names)).not.toContain("sample");
  });
});

describe("fencedBlocks", () => {
  it("finds blocks by their whole info string, with their line", () => {
    expect(fencedBlocks("a\n```ts run\nx;\n```\n```ts\ny;\n```\n", "ts run")).toEqual([{ line: 2, code: "x;" }]);
  });
});

describe("joinedBlocks", () => {
  it("joins the blocks of a page that builds one thing, at the line of the first", () => {
    const page = "a\n```ts part\nconst x = 1;\n```\nthen\n```ts part\nx; // => 1\n```\n```ts run\ny;\n```\n";
    expect(joinedBlocks(page, "ts part")).toEqual([{ line: 2, code: "const x = 1;\n\nx; // => 1" }]);
    expect(joinedBlocks("nothing", "ts part")).toEqual([]);
  });
});
