import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { piecesOf, readInput, wholeInput } from "./read-input.ts";

const folder = mkdtempSync(path.join(tmpdir(), "leastaction-input-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("gives the content whole and in pieces", async () => {
  const bytes = Uint8Array.from({ length: 600_000 }, (_, at) => at % 251);
  writeFileSync(path.join(folder, "a.bin"), bytes);
  const found = await readInput("a.bin", folder);
  expect(found).toMatchObject({ name: "a.bin", length: 600_000 });
  const pieces = [...piecesOf(found.full)].map((piece) => piece.length);
  expect(pieces).toEqual([262_144, 262_144, 75_712]);
  expect(Buffer.compare(await wholeInput(found), bytes)).toBe(0);
});

it("says what is wrong with a name", async () => {
  await expect(readInput("none.csv", folder)).rejects.toThrow(
    "Cannot read none.csv: expected a file, got no file of that name",
  );
  await expect(readInput(".", folder)).rejects.toThrow("Cannot read .: expected a file, got a folder");
});
