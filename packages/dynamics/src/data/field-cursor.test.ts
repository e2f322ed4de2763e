import fc from "fast-check";
import { expect, it } from "vitest";
import { FieldCursor } from "./field-cursor.ts";

const numberOf = (text: string, decimalComma: boolean = false): number => {
  const cursor = new FieldCursor(";", decimalComma);
  cursor.enter(`x${text};`, 1, 1 + text.length);
  return cursor.number();
};

it("reads decimals to the last bit, as the language does", () => {
  const places = fc.integer({ min: 0, max: 12 });
  fc.assert(
    fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), places, (value, digits) => {
      const text = value.toFixed(digits);
      const found = numberOf(text);
      // More digits than an exact float holds are left to the language.
      return Number.isNaN(found) ? text.replace(/\D/g, "").length > 15 : Object.is(found, Number(text));
    }),
    { numRuns: 5000 },
  );
});

it.each(["0", "-0", "5.", ".5", "+3", "007", " 1.5 ", "\t2", "-.25"])("reads %j as the language does", (text) => {
  expect(numberOf(text)).toBe(Number(text));
});

it.each(["", "-", ".", "1e5", "0x10", "1 2", "1.2.3", "nan", "12345678901234567", "1,5"])("leaves %j alone", (text) => {
  expect(numberOf(text)).toBeNaN();
});

it("knows decimal commas", () => {
  expect(numberOf("1,5", true)).toBe(1.5);
  expect(numberOf("1.5", true)).toBeNaN();
});

it("goes from field to field", () => {
  const commas = new FieldCursor(",", false);
  commas.enter("1, two ,,4", 0, 10);
  expect([commas.number(), commas.word(), commas.word(), commas.number(), commas.hasField]).toEqual([
    1,
    "two",
    "",
    4,
    false,
  ]);
  const blanks = new FieldCursor(" ", false);
  blanks.enter("  1 \t two  3  ", 0, 14);
  expect([blanks.number(), blanks.word(), blanks.number(), blanks.hasField]).toEqual([1, "two", 3, false]);
});
