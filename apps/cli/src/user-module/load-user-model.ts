/**
 * A model from a user's file: the default export of an ES module, made by `defineModel` or fit to be.
 * The file runs in this process, with the user's rights, as any program of theirs would: it is their code, named by them.
 */
import { stat } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { AnyModel, ModelOptions } from "@leastaction/dynamics";
import { CommandError } from "../command-error.ts";
import { resolveOwnPackages } from "./resolve-own-packages.ts";
import { tellFaults } from "./tell-faults.ts";

/** Whether a value of `--model` names a file: it has a folder in it or ends like a module. */
export function isModelFile(name: string): boolean {
  return /[\\/]/.test(name) || /\.[cm]?[jt]s$/.test(name);
}

/** Loads `file`, relative to `cwd`. Errors (status 2): no such file, a fault in it, no model in it. */
export async function loadUserModel(file: string, cwd: string): Promise<AnyModel> {
  const full = path.resolve(cwd, file);
  const cannot = (expected: string, found: string, remedy: string): CommandError =>
    new CommandError(`Cannot load the model ${file}: expected ${expected}, got ${found}`, remedy, "unusable-module");
  const kind = await stat(full).catch(() => null);
  if (kind?.isFile() !== true) {
    const found = kind === null ? "no file of that name" : "a folder";
    throw cannot("a file", found, "Check the path; relative paths start from the current folder.");
  }
  if (/\.c[jt]s$/.test(full))
    throw cannot("an ES module", "one of CommonJS by its name", "Name it FILE.mjs, with import and export.");
  resolveOwnPackages();
  const { href } = pathToFileURL(full);
  const loaded = (await import(href).catch((error: unknown) => {
    // What the library says of a model is said once.
    if (error instanceof Error && "remedy" in error) throw error;
    throw cannot("a module that loads", `${firstLine(error)}${placeIn(href, error)}`, remedyOf(error, file));
  })) as { readonly default?: unknown };
  const { defineModel } = await import("@leastaction/dynamics");
  if (isRecord(loaded.default)) return defineModel(tellFaults(loaded.default, file, href));
  throw cannot(
    "a default export made by defineModel",
    loaded.default === undefined ? "no default export" : `a default export of another kind (${typeof loaded.default})`,
    'End the file with: export default defineModel({ name: "my-model", init, field });',
  );
}

/** What is wrong in a record is for `defineModel` to say. */
function isRecord(value: unknown): value is ModelOptions<never> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** ` in line 3`, where the stack of the error tells it. */
function placeIn(href: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const at = stack.indexOf(`${href}:`);
  const line = at < 0 ? undefined : /^\d+/.exec(stack.slice(at + href.length + 1))?.[0];
  return line === undefined ? "" : ` in line ${line}`;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] ?? "";
}

function remedyOf(error: unknown, file: string): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ERR_UNKNOWN_FILE_EXTENSION")
    return "This Node runs no TypeScript: write the model in JavaScript, or use Node 22.18 or later.";
  if (firstLine(error).includes("outside a module"))
    return 'Name it FILE.mjs, or put "type": "module" into the nearest package.json.';
  const missing = /^(\w+) is not defined$/.exec(firstLine(error))?.[1];
  if (missing !== undefined) return `Begin the file with: import { ${missing} } from "leastaction";`;
  const rest = error instanceof Error ? error.message.split("\n").slice(1).join("\n").trim() : "";
  return rest === "" ? `Correct the file; leastaction models ${file} tries it alone.` : rest;
}
