// The first two shell blocks of the README are promises: they must stay one line each and name what exists.
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { fencedBlocks } from "./markdown.js";

const blocks = fencedBlocks(readFileSync("README.md", "utf8"), "sh").map(({ code }) => code);
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };

it("opens with the line that runs the main job and the line that passes the tests", () => {
  expect(blocks[0]).toMatch(/^npm ci && npm run build && npx leastaction fit \S+\.csv --out \S+$/);
  expect(blocks[1]).toBe("npm ci && npm run ok");
});

it("names scripts and data that exist", () => {
  const commands = blocks.slice(0, 2).join("\n");
  for (const [, script] of commands.matchAll(/npm run (\S+)/g)) expect(scripts).toHaveProperty([script ?? ""]);
  for (const [table] of commands.matchAll(/\S+\.csv/g)) expect(existsSync(table)).toBe(true);
});

it("runs the tests last in the gate, so that their summary is its last line", () => {
  expect(scripts.ok).toMatch(/&& npm test$/);
});
