import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { exitStatusHelp } from "../apps/cli/src/exit-status.ts";
import { statusOfCode } from "../apps/cli/src/status-of-error.ts";
import { readCodes, readErrorSites, readSources } from "./error-sites.js";
import { errorsPage, findErrorViolations, page } from "./write-errors.js";

const source = (name: string, text: string) => ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true);
const sitesIn = (text: string) => readErrorSites([source("packages/x/src/a.ts", text)]);

describe("docs/errors.md", () => {
  const sources = readSources(".");
  const [codes, sites] = [readCodes(sources), readErrorSites(sources)];

  it("finds the errors of the sources in their form, each with a code, a cause and a remedy", () => {
    expect(sites.length).toBeGreaterThan(250);
    expect(findErrorViolations(codes, sites)).toEqual([]);
  });

  it("is in step with the sources", () => {
    const made = errorsPage(codes, sites, statusOfCode as (code: string) => number, exitStatusHelp);
    expect(readFileSync(page, "utf8"), "run npm run build && node tools/write-errors.js").toBe(made);
  });
});

describe("readErrorSites", () => {
  it("puts words and names into a template", () => {
    const text = `const help = "Look there.";
      function open(file: string) {
        throw new TensorError(\`Cannot open \${file.name}: expected \${list.join(", ")}, got \${a ? "none" : b}\`, help, "unusable-file");
      }`;
    expect(sitesIn(text)).toEqual([
      {
        place: "packages/x/src/a.ts:3",
        family: "TensorError",
        code: "unusable-file",
        problem: "Cannot open ‹name›: expected ‹list›, got none / ‹b›",
        remedy: "Look there.",
      },
    ]);
  });

  it("gives one site for each call that hands over words", () => {
    const text = `function cannot(expected: string, found: string, remedy = "Try again.") {
        return new CommandError(\`Cannot go: expected \${expected}, got \${found}\`, remedy);
      }
      function go(way: string) {
        if (way === "") throw cannot("a way to go", "none");
        if (way === "up") throw cannot("a level way", way, "Go " + "round.");
      }`;
    expect(sitesIn(text).map(({ place, problem, remedy, code }) => [place.slice(-2), problem, remedy, code])).toEqual([
      [":5", "Cannot go: expected a way to go, got none", "Try again.", "wrong-usage"],
      [":6", "Cannot go: expected a level way, got ‹way›", "Go round.", "wrong-usage"],
    ]);
  });

  it("follows a function into the files that import it, and takes words from tables", () => {
    const maker = source(
      "packages/x/src/b.ts",
      `export function cut(file: string, expected: string) {
        return new DataError({ code: "truncated", file, expected, found: "less", remedy: "Copy it." });
      }`,
    );
    const caller = source(
      "packages/x/src/c.ts",
      `import { cut } from "./b.ts";
      const known = { A: ["no bread", "Buy some."], B: ["no cheese", "Buy it too.", "no-cheese"] };
      const f = (file: string) => cut(file, "a whole file");
      const g = (found: string, remedy: string) => new TensorError(\`Cannot eat: expected bread, got \${found}\`, remedy, code);`,
    );
    expect(readErrorSites([maker, caller]).map(({ problem, remedy, code }) => [problem, remedy, code])).toEqual([
      ["Cannot read ‹file›: expected a whole file, got less", "Copy it.", "truncated"],
      ["Cannot eat: expected bread, got no bread", "Buy some.", "wrong-use"],
      ["Cannot eat: expected bread, got no cheese", "Buy it too.", "no-cheese"],
    ]);
  });
});

describe("findErrorViolations", () => {
  const code = { code: "wrong-use", family: "TensorError", cause: "A wrong use." };
  const site = { place: "a.ts:1", family: "TensorError", code: "wrong-use", remedy: "Do it." };
  const good = { ...site, problem: "Cannot do: expected this, got that" };

  it.each([
    ["another form", [code], [{ ...good, problem: "It failed" }], 'a.ts:1: expected "Cannot …'],
    ["no remedy", [code], [{ ...good, remedy: "" }], "a.ts:1: expected a remedy"],
    ["a remedy that nobody knows", [code], [{ ...good, remedy: "‹remedy›" }], "a.ts:1: expected a remedy"],
    ["an unknown code", [code], [good, { ...good, code: "odd" }], "a.ts:1: expected a code of TensorError"],
    [
      "a code of another class",
      [code],
      [good, { ...good, family: "DataError" }],
      "a.ts:1: expected a code of DataError",
    ],
    ["a code without a cause", [{ ...code, cause: "" }], [good], "wrong-use: expected a comment"],
    ["a code declared twice", [code, { ...code, family: "DataError" }], [good], "wrong-use: declared twice"],
    ["a code that no error has", [code, { ...code, code: "spare" }], [good], "spare: no error has this code"],
  ])("tells of %s", (_, codes, sites, said) => {
    expect(findErrorViolations(codes, sites)).toEqual([expect.stringContaining(said)]);
  });
});
