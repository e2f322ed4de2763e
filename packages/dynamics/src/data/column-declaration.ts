/**
 * What the caller says about columns: `{ enc: "angle:deg", t: "time:ms", "3": "theta1:angle" }`.
 *
 * In: keys that are header texts, short names or positions from 1; values `[name:][role][:unit]` in the words of
 * `reading.ts` and `unit.ts`. Out: one declaration for each column that is spoken of.
 * A single word is a role if it is one; else, for a column that has a name already, a unit if it is one; else a name.
 */

import { didYouMean } from "../nearest-name.ts";
import { DataError } from "./data-error.ts";
import { plainText } from "./plain-text.ts";
import { type Role, roles } from "./reading.ts";
import { knownUnitSymbols, noUnit, parseUnit, type Unit } from "./unit.ts";

/** What is declared about one column; null where nothing is said. */
export interface ColumnDeclaration {
  readonly name: string | null;
  readonly role: Role | null;
  readonly unit: Unit | null;
}

/** Short words that people write for a role. */
const roleWords: Readonly<Record<string, Role>> = {
  ...Object.fromEntries(roles.map((role) => [role, role])),
  position: "coordinate",
  skip: "ignore",
};

/** The columns that the caller speaks of, by index from 0. */
export function readDeclarations(
  columns: Readonly<Record<string, string>>,
  headers: readonly string[],
  names: readonly string[],
  file: string,
): ReadonlyMap<number, ColumnDeclaration> {
  const declarations = new Map<number, ColumnDeclaration>();
  for (const [key, text] of Object.entries(columns)) {
    const index = indexOf(key, headers, names);
    if (index === -1) throw missingColumn(key, names, file);
    declarations.set(index, parseDeclaration(key, text, (headers[index] as string) !== "", file));
  }
  return declarations;
}

/** Whether a key names a column of a table with these headers. */
export function speaksOfColumn(key: string, headers: readonly string[], names: readonly string[]): boolean {
  return indexOf(key, headers, names) !== -1;
}

function indexOf(key: string, headers: readonly string[], names: readonly string[]): number {
  const wanted = plainText(key).trim();
  const byHeader = headers.indexOf(wanted);
  if (byHeader !== -1 && wanted !== "") return byHeader;
  const byName = names.indexOf(wanted);
  if (byName !== -1) return byName;
  return /^\d{1,6}$/.test(key) && Number(key) <= names.length ? Number(key) - 1 : -1;
}

function parseDeclaration(key: string, text: string, isNamed: boolean, file: string): ColumnDeclaration {
  const parts = text.split(":").map((part) => part.trim());
  const [first = "", second, third] = parts;
  const role = roleWord(first);
  if (role !== null && parts.length <= 2) return { name: null, role, unit: unitWord(key, second, file) };
  if (first === "" && parts.length === 2) return { name: null, role: null, unit: unitWord(key, second, file) };
  if (parts.length === 1 && isNamed && parseUnit(first) !== null)
    return { name: null, role: null, unit: parseUnit(first) };
  const nextRole = second === undefined ? null : roleWord(second);
  const meant = nextRole === null ? mistypedRole(first) : null;
  if (meant !== null) throw doubtfulName(key, text, { first, meant, unit: second }, file);
  if (first !== "" && parts.length <= 3 && (nextRole !== null || parts.length < 3)) {
    return { name: first, role: nextRole, unit: unitWord(key, nextRole === null ? second : third, file) };
  }
  throw new DataError({
    code: "bad-option",
    file,
    column: key,
    expected: "a column declared as ROLE, ROLE:UNIT or NAME:ROLE:UNIT",
    found: `"${text}"`,
    remedy: didYouMean(
      second ?? first,
      roles,
      `Write for example --column ${key}=angle:deg; the roles are ${roles.join(", ")}.`,
    ),
  });
}

/** A name that is a role but for one slip of the hand is more likely that role. */
function doubtfulName(
  key: string,
  text: string,
  { first, meant, unit }: { readonly first: string; readonly meant: Role; readonly unit: string | undefined },
  file: string,
): DataError {
  const rest = unit === undefined ? "" : `:${unit}`;
  return new DataError({
    code: "bad-option",
    file,
    column: key,
    expected: "a column declared as ROLE, ROLE:UNIT or NAME:ROLE:UNIT",
    found: `"${text}"`,
    remedy: `Did you mean --column ${key}=${meant}${rest}? To name the column ${first}, say its role: --column ${key}=${first}:ROLE${rest}.`,
  });
}

/** The role that a word is but for one letter too many, missing or wrong, or two exchanged; null for other words. */
function mistypedRole(word: string): Role | null {
  return roles.find((role) => isOneSlip(word.toLowerCase(), role)) ?? null;
}

function isOneSlip(found: string, meant: string): boolean {
  let [start, end] = [0, 0];
  const shorter = Math.min(found.length, meant.length);
  while (start < shorter && found[start] === meant[start]) start += 1;
  while (end < shorter - start && found.at(-1 - end) === meant.at(-1 - end)) end += 1;
  const [own, other] = [found, meant].map((word) => word.slice(start, word.length - end)) as [string, string];
  if (/[^a-z]/.test(own)) return false;
  const isSwapped = own.length === 2 && own === `${other[1]}${other[0]}`;
  return isSwapped || own.length + other.length === 1 || (own.length === 1 && other.length === 1);
}

function roleWord(word: string): Role | null {
  return Object.hasOwn(roleWords, word) ? (roleWords[word] as Role) : null;
}

function unitWord(key: string, word: string | undefined, file: string): Unit | null {
  if (word === undefined) return null;
  const unit = word === "" ? noUnit : parseUnit(word);
  if (unit !== null) return unit;
  throw new DataError({
    code: "unknown-unit",
    file,
    column: key,
    expected: "a unit of a known kind",
    found: `"${word}"`,
    remedy: didYouMean(
      word,
      knownUnitSymbols.filter((symbol) => symbol.length > 2),
      `Known are ${knownUnitSymbols.join(", ")}, with powers, products and quotients of them, and counts such as px.`,
    ),
  });
}

function missingColumn(key: string, names: readonly string[], file: string): DataError {
  return new DataError({
    code: "missing-column",
    file,
    column: key,
    expected: `a column ${key}`,
    found: `the columns ${names.join(", ")}`,
    remedy: didYouMean(key, names, "Use a name of the header, or the column's position from 1."),
  });
}
