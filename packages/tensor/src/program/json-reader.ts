/**
 * Plain values of JSON that somebody else may have written: each is what it should be, or is refused with the place.
 *
 * Messages show at most a line of what was found, however large or deep it is.
 */
import { TensorError, type TensorErrorCode } from "../errors.ts";
import type { Json } from "./json.ts";

/** @internal An object of JSON. */
export type JsonObject = { readonly [key: string]: Json };

const damaged = "The file is damaged, not a program of ours, or made by a newer release.";

/** @internal Refuses what was found. */
export function refuse(
  expected: string,
  found: string,
  remedy: string = damaged,
  code: TensorErrorCode = "unusable-file",
): never {
  throw new TensorError(`Cannot read a program: expected ${expected}, got ${cut(found)}`, remedy, code);
}

/** @internal How messages show a value. */
export function showJson(json: Json | undefined): string {
  if (json === undefined) return "nothing";
  if (Array.isArray(json)) return `a list of ${json.length}`;
  if (typeof json === "object" && json !== null) return "an object";
  return typeof json === "string" ? JSON.stringify(cut(json)) : String(json);
}

/** @internal */
export function asObject(json: Json | undefined, path: string): JsonObject {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as JsonObject;
  return refuse(`an object at ${path}`, showJson(json));
}

/** @internal */
export function asList(json: Json | undefined, path: string): readonly Json[] {
  if (Array.isArray(json)) return json as readonly Json[];
  return refuse(`a list at ${path}`, showJson(json));
}

/** @internal A whole number from 0 on; -0 is 0. */
export function asNatural(json: Json | undefined, path: string): number {
  if (Number.isSafeInteger(json) && (json as number) >= 0) return (json as number) + 0;
  return refuse(`a whole number from 0 on at ${path}`, showJson(json));
}

/** @internal Whole numbers from 0 on. */
export function asNaturals(json: Json | undefined, path: string): readonly number[] {
  return asList(json, path).map((element, i) => asNatural(element, `${path}[${i}]`));
}

function cut(text: string): string {
  return text.length <= 160 ? text : `${text.slice(0, 160)}…`;
}
