import { DataError } from "@leastaction/dynamics";
import { TensorError } from "@leastaction/tensor";
import { describe, expect, test } from "vitest";
import { CommandError } from "./command-error.ts";
import { reportError } from "./report-error.ts";
import { memoryIo } from "./testing/memory-io.ts";

function told(error: unknown, telling = { debug: false, json: false }) {
  const io = memoryIo(".");
  const status = reportError(error, io, telling);
  return { status, out: io.text("out"), error: io.text("error") };
}

const facts = { file: "a.csv", expected: "this", found: "that", remedy: "Do it." };

describe("an exit status follows from the code", () => {
  test.each([
    [new CommandError("Cannot go: expected this, got that", "Do it."), 2],
    [new CommandError("Cannot go: expected this, got that", "Do it.", "no-finite-model"), 4],
    [new CommandError("Cannot go: expected this, got that", "Do it.", "unwritten-result"), 5],
    [new CommandError("Cannot go: expected this, got that", "Do it.", "folder-in-use"), 6],
    [new DataError({ ...facts, code: "empty" }), 3],
    [new TensorError("Cannot go: expected this, got that", "Do it."), 2],
    [new TensorError("Cannot go: expected this, got that", "Do it.", "too-little-data"), 3],
    [new TensorError("Cannot go: expected this, got that", "Do it.", "no-memory"), 4],
  ])("%s", (error, status) => {
    expect(told(error)).toEqual({ status, out: "", error: `${error.message}\n` });
  });

  test.each([
    [new TypeError("x is not a function\nin x"), "TypeError: x is not a function"],
    [new TensorError("Cannot go: expected this, got that", "Tell us.", "defect"), "TensorError: Cannot go: "],
    [new Error("Cannot look like a message: expected this, got that\nBut is none."), "Error: Cannot look like"],
    ["thrown text", "thrown text"],
    [undefined, "undefined"],
  ])("a fault: %s", (error, said) => {
    const found = told(error);
    expect(found.error).toMatch(/^This is a fault of leastaction \d[^\n]*\nReport it [^\n]+\n$/);
    expect(found.error).toContain(said);
    expect(found.status).toBe(1);
  });
});

test("memory that is used up is told as that, whoever asked for it", () => {
  const found = told(new RangeError("Array buffer allocation failed"), { debug: false, json: true });
  expect(found.error).toMatch(/^Cannot go on: expected memory [^\n]+ \(Array buffer allocation failed\)\n[^\n]+\n$/);
  expect(JSON.parse(found.out)).toMatchObject({ error: { code: "out-of-memory", status: 4 } });
});
