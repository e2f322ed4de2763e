/**
 * Bad and odd data through the command line: one table (`testing/refused-data.ts`, `testing/odd-data.ts`). Each row is the files, the call, a part of what is said, and how
 * the program ends. Nothing else may come out on standard output, no fault of the program, and no file may appear.
 */
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "./main.ts";
import type { Files } from "./testing/data-row.ts";
import { inFolder, memoryIo } from "./testing/memory-io.ts";
import { odd } from "./testing/odd-data.ts";
import { refused } from "./testing/refused-data.ts";

async function call(files: Files, words: string) {
  return inFolder({}, async (folder) => {
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
    const io = memoryIo(folder);
    const status = await main(words.split(" "), io);
    return { status, out: io.text("out"), error: io.text("error"), left: readdirSync(folder).sort() };
  });
}

describe("data that cannot be used is refused, with what was expected, what was found and what to do", () => {
  test.each(refused)("%s", async (_, files, words, status, said) => {
    const answer = await call(files, words);
    expect(answer.error).toContain(said);
    expect(answer.status).toBe(status);
    expect(answer.error).toMatch(/^(not read: .*\n)?Cannot [^\n]+: expected [^\n]+, got [^\n]+\n[^\n]+\n$/);
    expect(words.endsWith("--json") ? "" : answer.out).toBe("");
    expect(answer.left).toEqual(Object.keys(files).sort());
  });
});

describe("data that is odd is read, and the oddity is named with its place", () => {
  test.each(odd)("%s", async (_, files, words, status, said) => {
    const answer = await call(files, words);
    expect(answer.error).toBe("");
    expect(answer.out).toContain(said);
    expect(answer.status).toBe(status);
    expect(answer.left).toEqual(Object.keys(files).sort());
  });
});
