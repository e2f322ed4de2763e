import { expect, test } from "vitest";
import { parseStart } from "./parse-start.ts";

const known = ["enc", "enc_rate"];

test("a start is read in the user's words", () => {
  expect(parseStart("enc=40, enc_rate=-1.5e1", known, ["enc"])).toEqual({ enc: 40, enc_rate: -15 });
});

test.each([
  ["enc", 'expected NAME=NUMBER, got "enc"'],
  ["enc=", 'expected NAME=NUMBER, got "enc="'],
  ["enc=4o", 'expected NAME=NUMBER, got "enc=4o"'],
  ["encc=4", "expected the names enc, enc_rate, got encc\nDid you mean enc?"],
  ["enc=1,enc=2", "expected each name once, got enc twice"],
  ["enc_rate=2", "expected a value for enc, got none for enc"],
])("%s is refused", (text, message) => {
  expect(() => parseStart(text, known, ["enc"])).toThrow(message);
});
