/**
 * From a module to a loaded library: print, compile once per key, load.
 *
 * The key is a digest of the C text, the macros of the compiler (its version and every feature of the processor), its
 * command and the flags: whatever changes the code changes the key.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import process from "node:process";
import { TensorError } from "@leastaction/tensor";
import type { Module } from "@leastaction/tensor/kernel";
import { bytesInWords } from "@leastaction/tensor/lower";
import { fetchLibrary, libraryName, sourceName } from "./cache.ts";
import { type Compiler, compile, compileHalves } from "./compiler.ts";
import { type Library, loadLibrary } from "./library.ts";
import { printModule } from "./print-c/print-module.ts";

export interface BuildOptions {
  readonly compiler: Compiler;
  readonly cacheFolder: string;
  readonly flushToZero: boolean;
  readonly contract: boolean;
}

/** From so many characters of C on, two compilers at once save more than the second one costs. */
const long = 2 ** 17;
/** Characters of C at most: compilers take about a second and a half for a million. */
const longest = 2 ** 24;

/**
 * The library of a module.
 *
 * Errors: more C than a compiler can take in a reasonable time; a compiler that fails; a library that cannot be loaded.
 */
export function buildLibrary(module: Module, options: BuildOptions): Library {
  const { compiler, cacheFolder, flushToZero, contract } = options;
  const source = printModule(module, { ...compiler.features, flushToZero });
  if (source.length > longest) throw lengthError(module, source.length);
  const flags = flagsOf(compiler, contract);
  const parts = [source, compiler.macros, compiler.command.join("\0"), flags.join("\0")];
  const key = createHash("sha256").update(parts.join("\0\0")).digest("hex");
  const file = fetchLibrary(cacheFolder, key, (folder) => {
    writeFileSync(path.join(folder, sourceName), source);
    const files = { folder, source: sourceName, library: libraryName };
    if (source.length < long || availableParallelism() === 1 || process.platform === "win32")
      compile(compiler, flags, files);
    else compileHalves(compiler, flags, files);
  });
  return loadLibrary(file);
}

function lengthError({ kernels }: Module, found: number): TensorError {
  return new TensorError(
    `Cannot compile to machine code: expected at most ${bytesInWords(longest)} of C, got ${bytesInWords(found)} for ${kernels.length} kernels`,
    "The program unrolls into very many steps: replace repeated structure by scan or by longer axes, or use wasm().",
  );
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
