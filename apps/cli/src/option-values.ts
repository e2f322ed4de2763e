/**
 * The values that flags take: each function makes a parser for commander that reads one kind of value, or says what it
 * expected and what it got.
 */
import { didYouMean } from "@leastaction/dynamics/nearest-name";
import { CommandError } from "./command-error.ts";

type Parser = (text: string) => number;

/** A whole number from `minimum` up, or up to `maximum`. */
export function wholeNumber(flag: string, minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): Parser {
  const range = maximum === Number.MAX_SAFE_INTEGER ? `${minimum} up` : `${minimum} to ${maximum}`;
  return numberWhere(flag, `a whole number from ${range}`, String(Math.max(minimum, 5)), (value) => {
    return Number.isSafeInteger(value) && value >= minimum && value <= maximum;
  });
}

/** A finite number above zero. */
export function positiveNumber(flag: string, example: string): Parser {
  return numberWhere(flag, "a number above zero", example, (value) => value > 0);
}

/** A finite number from zero up. */
export function nonNegativeNumber(flag: string, example: string): Parser {
  return numberWhere(flag, "a number from zero up", example, (value) => value >= 0);
}

/** Where the use of a recording begins: `trigger`, or a time of any sign. */
export function startTime(text: string): "trigger" | number {
  return text === "trigger"
    ? text
    : numberWhere("--start", "trigger or a time in seconds", "trigger", () => true)(text);
}

/** Where the use of a recording ends: a time of any sign. */
export const stopTime: Parser = numberWhere("--stop", "a time in seconds", "30", () => true);

/** A number strictly between 0 and 1. */
export function fraction(flag: string, example: string): Parser {
  return numberWhere(flag, "a number between 0 and 1", example, (value) => value > 0 && value < 1);
}

function numberWhere(flag: string, expected: string, example: string, holds: (value: number) => boolean): Parser {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value) && holds(value)) return value;
    throw new CommandError(
      `Cannot use ${flag}: expected ${expected}, got ${JSON.stringify(text)}`,
      `Write, for example, ${flag} ${example}.`,
    );
  };
}

/** One of a few words. */
export function choice<const Word extends string>(flag: string, words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new CommandError(
      `Cannot use ${flag}: expected ${words.slice(0, -1).join(", ")} or ${words.at(-1)}, got ${JSON.stringify(text)}`,
      didYouMean(text, words, `Write, for example, ${flag} ${words[0]}.`),
    );
  };
}

/** Assignments such as `enc=angle:deg`, collected over repeated flags. */
export function assignment(
  flag: string,
  example: string,
): (text: string, before: Readonly<Record<string, string>> | undefined) => Readonly<Record<string, string>> {
  return (text, before) => {
    const at = text.lastIndexOf("=");
    if (at > 0 && at < text.length - 1) return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
    throw new CommandError(
      `Cannot use ${flag}: expected NAME=VALUE, got ${JSON.stringify(text)}`,
      `Write, for example, ${flag} ${example}.`,
    );
  };
}

/** Codes for missing values, collected over repeated flags: `-999`, or several as `-999,ERR`. */
export function missingCodes(text: string, before: readonly string[] | undefined): readonly string[] {
  const codes = text.split(",").map((code) => code.trim());
  if (codes.every((code) => code !== "")) return [...(before ?? []), ...codes];
  throw new CommandError(
    `Cannot use --missing: expected codes, got ${JSON.stringify(text)}`,
    "Write, for example, --missing -999, or --missing -999,ERR for several.",
  );
}
