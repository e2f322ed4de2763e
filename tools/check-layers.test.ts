import { describe, expect, it } from "vitest";
import { findLayerViolations } from "./check-layers.js";
import { withFiles } from "./testing/with-files.ts";

const layering = { source: "src", external: ["outside", "node:"], levels: [["low"], ["middle", "beside"], ["high"]] };
const check = (files: Record<string, string>): string[] =>
  withFiles(files, (root) => findLayerViolations(root, [layering]));

describe("findLayerViolations", () => {
  it("accepts imports from lower levels, the own unit, named packages, and anything in tests", () => {
    expect(
      check({
        "src/low.ts": 'import "outside"; import "node:fs";',
        "src/middle/a.ts": 'import "../low.ts"; import type { B } from "./deep/b.ts";',
        "src/middle/deep/b.ts": 'export type B = import("../../low.ts").Low;',
        "src/high.ts": 'export * from "./middle/a.ts"; const later = import("./low.ts");',
        "src/low.test.ts": 'import "vitest"; import "./high.ts";',
      }),
    ).toEqual([]);
  });

  it("rejects an import from a higher level and from a neighbour on the same level", () => {
    expect(check({ "src/low.ts": 'import type { H } from "./high.ts";', "src/high.ts": "" })).toEqual([
      "src/low.ts: './high.ts' is not on a lower level",
    ]);
    expect(check({ "src/middle/a.ts": 'import "../beside.ts";', "src/beside.ts": "" })).toEqual([
      "src/middle/a.ts: '../beside.ts' is not on a lower level",
    ]);
  });

  it("rejects a package that is not named, a deep import of one that is, and a path that leaves the source", () => {
    expect(
      check({ "src/low.ts": 'import "left-pad"; import "outside/inner"; import("../other.ts");', "other.ts": "" }),
    ).toEqual([
      "src/low.ts: may not import 'left-pad'",
      "src/low.ts: may not import 'outside/inner'",
      "src/low.ts: '../other.ts' leaves src",
    ]);
  });

  it("rejects a circle even of type imports", () => {
    const [violation] = check({
      "src/middle/a.ts": 'import type { B } from "./b.ts";',
      "src/middle/b.ts": 'import type { A } from "./a.ts";',
    });
    expect(violation).toBe(
      "src/middle/a.ts: imports in a circle: src/middle/a.ts -> src/middle/b.ts -> src/middle/a.ts",
    );
  });

  it("rejects a unit without a level and a file that leans on tests", () => {
    expect(check({ "src/new.ts": "", "src/low.ts": 'import "./testing/fake.ts";', "src/testing/fake.ts": "" })).toEqual(
      [
        "src/low.ts: imports './testing/fake.ts', which is only for tests",
        "src/new.ts: unit 'new' has no level; name it in tools/layers.json",
      ],
    );
  });
});
