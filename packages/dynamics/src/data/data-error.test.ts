import { expect, it } from "vitest";
import { DataError } from "./data-error.ts";

it("keeps a message on two lines of printable text, whatever the file holds", () => {
  const facts = { code: "not-a-number", expected: "a number", remedy: "Rename \u202ex.\u001b[2J", line: 3 } as const;
  const error = new DataError({ ...facts, file: "a\nb.csv", found: `"\u001b]0;title\u0007"`, column: "t\r\n(s)" });
  expect(error.message).toBe(
    'Cannot read a b.csv: expected a number, got "\ufffd]0;title\ufffd" (line 3, column t (s))\nRename \ufffdx.\ufffd[2J',
  );
  expect(error.file).toBe("a\nb.csv");
});

it("cuts what is too long to be read", () => {
  const { message } = new DataError({
    code: "missing-column",
    file: "a.csv",
    expected: "a column",
    found: "x,".repeat(1e6),
    remedy: "Name one.",
  });
  expect(message.length).toBeLessThan(2200);
});
