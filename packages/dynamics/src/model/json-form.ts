/**
 * Forms of plain data from JSON that somebody else may have written: each value is what its form says, or is refused with
 * its place. What no form names is left out.
 */
import { TensorError } from "@leastaction/tensor";

/** Reads a value at a place. Errors: another value. */
export type Form<T> = (json: unknown, path: string) => T;

/** Text of any length. */
export const text: Form<string> = (json, path) => (typeof json === "string" ? json : refuse("text", json, path));

/** At most 200 characters that can stand in a message. */
export const line: Form<string> = (json, path) =>
  typeof json === "string" && /^[^\p{Cc}]{0,200}$/u.test(json) ? json : refuse("one line of text", json, path);

/** The name of a model. */
export const kebab: Form<string> = (json, path) =>
  typeof json === "string" && /^[a-z0-9][a-z0-9-]{0,199}$/.test(json)
    ? json
    : refuse("a name in kebab case", json, path);

/** True or false. */
export const flag: Form<boolean> = (json, path) =>
  typeof json === "boolean" ? json : refuse("true or false", json, path);

/** A finite number. */
export const finite: Form<number> = (json, path) =>
  Number.isFinite(json) ? (json as number) : refuse("a number", json, path);

/** A finite number above 0. */
export const positive: Form<number> = (json, path) =>
  Number.isFinite(json) && (json as number) > 0 ? (json as number) : refuse("a number above 0", json, path);

/** A finite number of at least 0. */
export const notNegative: Form<number> = (json, path) =>
  Number.isFinite(json) && (json as number) >= 0 ? (json as number) : refuse("a number from 0 on", json, path);

/** A whole number of at least 0. */
export const natural: Form<number> = (json, path) =>
  Number.isSafeInteger(json) && (json as number) >= 0
    ? (json as number) + 0
    : refuse("a whole number from 0 on", json, path);

/** Anything: what is read later. */
export const anything: Form<never> = (json) => json as never;

/** One of several words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Form<Word> {
  return (json, path) => words.find((word) => word === json) ?? refuse(words.join(" or "), json, path);
}

/** Null, which means something, or another form. */
export function orNull<T, N>(form: Form<T>, meaning: N): Form<T | N> {
  return (json, path) => (json === null ? meaning : form(json, path));
}

/** The value of a form, or one that stands for what is absent. */
export function withDefault<T>(form: Form<T>, absent: T): Form<T> {
  return (json, path) => (json === undefined ? absent : form(json, path));
}

/** A list of one form. */
export function listOf<T>(form: Form<T>): Form<readonly T[]> {
  return (json, path) =>
    Array.isArray(json)
      ? (json as readonly unknown[]).map((element, i) => form(element, `${path}[${i}]`))
      : refuse("a list", json, path);
}

/** A list of two. */
export function pairOf<T>(form: Form<T>): Form<readonly [T, T]> {
  const list = listOf(form);
  return (json, path) => {
    const read = list(json, path);
    return read.length === 2 ? (read as readonly [T, T]) : refuse("a list of 2", json, path);
  };
}

/** Values of one form by name. */
export function byName<T>(form: Form<T>): Form<Readonly<Record<string, T>>> {
  return (json, path) =>
    Object.fromEntries(
      Object.entries(asObject(json, path)).map(([key, value]) => [key, form(value, `${path}.${key}`)]),
    );
}

/** An object of these fields; a field that is absent and may be is left out. */
export function objectOf<T extends object>(forms: { readonly [K in keyof T]-?: Form<T[K]> }): Form<T> {
  return (json, path) => {
    const object = asObject(json, path);
    const read = Object.entries<Form<unknown>>(forms).map(([key, form]) => {
      const place = path === "" ? key : `${path}.${key}`;
      return [key, form(Object.hasOwn(object, key) ? object[key] : undefined, place)] as const;
    });
    return Object.fromEntries(read.filter(([, value]) => value !== undefined)) as T;
  };
}

/** Refuses what a file holds at a place. */
export function refuse(expected: string, found: unknown, path: string): never {
  throw new TensorError(
    `Cannot read model.json: expected ${expected} as ${path.slice(0, 80) || "its content"}, got ${shown(found)}`,
    "The file is damaged: copy it again, or write it again with fit.",
    "unusable-file",
  );
}

function asObject(json: unknown, path: string): Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json)
    ? (json as Readonly<Record<string, unknown>>)
    : refuse("an object", json, path);
}

/** One line of a value, however large or deep it is. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : String(value);
}
