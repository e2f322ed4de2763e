import { expect, test } from "vitest";
import { counted, formatted, listed } from "./plain-words.ts";

test.each([
  [0, "0"],
  [0.5, "0.5"],
  [0.0123456, "0.0123"],
  [0.00012345, "0.000123"],
  [0.0000123, "1.23e−5"],
  [1234.56, "1,235"],
  [-9.999, "−10"],
  [9.87654321e9, "9.88e9"],
  [Number.NaN, "–"],
  [Number.POSITIVE_INFINITY, "–"],
])("%d is written %s", (value, text) => {
  expect(formatted(value)).toBe(text);
});

test("counts and lists read like English", () => {
  expect([counted(1, "row"), counted(2, "row"), counted(1234, "row")]).toEqual(["1 row", "2 rows", "1,234 rows"]);
  expect([listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])]).toEqual([
    "",
    "a",
    "a and b",
    "a, b and c",
  ]);
});
