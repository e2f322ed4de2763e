import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { primitiveCases } from "../packages/tensor/src/testing/primitive-cases.ts";
import { readPrimitives } from "./read-primitives.js";
import { page, primitivesPage } from "./write-primitives.js";

describe("docs/primitives.md", () => {
  const kinds = readPrimitives(".");

  it("is in step with the tables", () => {
    expect(readFileSync(page, "utf8"), "run node tools/write-primitives.js").toBe(primitivesPage(kinds));
  });

  it("names every primitive once, each with a rule for batches and a way to be lowered", () => {
    const primitives = kinds.flatMap((kind) => kind.primitives);
    expect(primitives.map(({ name }) => name).sort()).toEqual(Object.keys(primitiveCases).sort());
    for (const { name, rows } of primitives) {
      expect(rows.batched, name).toBeDefined();
      expect(rows.lowered, name).toBeDefined();
    }
  });
});
