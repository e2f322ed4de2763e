/**
 * A model from a user's file: the default export of an ES module, made by `defineModel` or fit to be.
 * The file runs in this process, with the user's rights, as any program of theirs would: it is their code, named by them.
 */
import { access } from "node:fs/promises";
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
  await access(full).catch(() => {
    throw cannot("a file", "no file of that name", "Check the path; relative paths start from the current folder.");
  });
  resolveOwnPackages();
  const loaded = (await import(pathToFileURL(full).href).catch((error: unknown) => {
    throw cannot("a module that loads", firstLine(error), remedyOf(error));
  })) as { readonly default?: unknown };
  const { defineModel } = await import("@leastaction/dynamics");
  if (isModel(loaded.default)) return defineModel(tellFaults(loaded.default, file, pathToFileURL(full).href));
  throw cannot(
    "a default export made by defineModel",
    loaded.default === undefined ? "no default export" : `a default export of another kind (${typeof loaded.default})`,
    'End the file with: export default defineModel({ name: "my-model", init, field });',
  );
}

function isModel(value: unknown): value is ModelOptions<never> {
  if (typeof value !== "object" || value === null) return false;
  const { name, init, field, step } = value as Readonly<Record<string, unknown>>;
  return typeof name === "string" && typeof init === "function" && [typeof field, typeof step].includes("function");
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] ?? "";
}

function remedyOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ERR_UNKNOWN_FILE_EXTENSION")
    return "This Node runs no TypeScript: write the model in JavaScript, or use Node 22.18 or later.";
  if (firstLine(error).includes("outside a module"))
    return 'Name it FILE.mjs, or put "type": "module" into the nearest package.json.';
  const rest = error instanceof Error ? error.message.split("\n").slice(1).join("\n").trim() : "";
  return rest === "" ? "Correct the file; it can be tried alone with node FILE." : rest;
}
