import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readLayerings } from "./check-layers.js";
import { drawLayers, withDrawing } from "./draw-layers.js";

it("draws the highest level first and leaves out workspaces without levels", () => {
  const layering = { source: "src", external: ["outside"], levels: [["low"], ["middle", "beside"]] };
  expect(drawLayers([layering, { source: "app", external: [], levels: [] }])).toBe(
    "```text\nsrc (from outside: outside)\n 1  middle · beside\n 0  low\n```",
  );
});

it("finds docs/architecture.md in step with tools/layers.json", () => {
  const page = readFileSync("docs/architecture.md", "utf8");
  expect(page, "run node tools/draw-layers.js").toBe(withDrawing(page, drawLayers(readLayerings("."))));
});

it("refuses a page without markers", () => {
  expect(() => withDrawing("nothing here", "drawing")).toThrow("Cannot draw the levels");
});
