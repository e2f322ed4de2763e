import { readFileSync } from "node:fs";
import { solvers } from "@leastaction/dynamics";
import { describe, expect, it } from "vitest";
import { page, solversPage } from "./write-solvers.js";

describe("docs/solvers.md", () => {
  const text = readFileSync(page, "utf8");

  it("is in step with the records", () => {
    expect(text, "run npm run build && node tools/write-solvers.js").toBe(solversPage(solvers));
  });

  it("has one row for each solver, without gaps", () => {
    for (const { name } of solvers) expect(text.split(`| \`${name}\` |`)).toHaveLength(2);
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
  });
});
