/**
 * From a module to a loaded library: print, compile once per key, load.
 *
 * The key is a digest of the C text, the macros of the compiler (its version and every feature of the processor), its
 * command and the flags: whatever changes the code changes the key.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Module } from "@leastaction/tensor/kernel";
import { fetchLibrary, libraryName, sourceName } from "./cache.ts";
import { type Compiler, compile } from "./compiler.ts";
import { type Library, loadLibrary } from "./library.ts";
import { printModule } from "./print-c/print-module.ts";

export interface BuildOptions {
  readonly compiler: Compiler;
  readonly cacheFolder: string;
  readonly flushToZero: boolean;
  readonly contract: boolean;
}

/** The library of a module. */
export function buildLibrary(module: Module, options: BuildOptions): Library {
  const { compiler, cacheFolder, flushToZero, contract } = options;
  const source = printModule(module, { ...compiler.features, flushToZero });
  const flags = [...flagsOf(compiler, contract), "-o", libraryName, sourceName, "-lm"];
  const parts = [source, compiler.macros, compiler.command.join("\0"), flags.join("\0")];
  const key = createHash("sha256").update(parts.join("\0\0")).digest("hex");
  const file = fetchLibrary(cacheFolder, key, (folder) => {
    writeFileSync(path.join(folder, sourceName), source);
    compile(compiler, flags, folder);
  });
  return loadLibrary(file);
}

/** Arithmetic stays IEEE 754 in the order written; integers wrap; memory has no types. */
function flagsOf({ machine, optimisation }: Compiler, contract: boolean): readonly string[] {
  return [
    "-std=gnu11",
    ...optimisation,
    ...machine,
    `-ffp-contract=${contract ? "fast" : "off"}`,
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fwrapv",
    "-fno-strict-aliasing",
    "-fPIC",
    "-shared",
    "-w",
    "-Wl,-z,nodelete",
  ];
}
