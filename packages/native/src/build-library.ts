/**
 * From a module to a library: print, compile once per key.
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
import { fetchLibrary, findLibrary, libraryName, sourceName } from "./cache.ts";
import { type Compiler, compile, compileHalves } from "./compiler.ts";
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

/** What decides, beside the C text, which library is made of it. */
export function buildKey({ compiler, flushToZero, contract }: BuildOptions): readonly string[] {
  return [compiler.macros, compiler.command.join("\0"), flagsOf(compiler, contract).join("\0"), `${flushToZero}`];
}

/**
 * The key of the library of a module, which is made if there is no whole one.
 *
 * Errors: more C than a compiler can take in a reasonable time; a compiler that fails.
 */
export function buildLibrary(module: Module, options: BuildOptions): string {
  const { compiler, cacheFolder, flushToZero, contract } = options;
  const source = printModule(module, { ...compiler.features, flushToZero });
  if (source.length > longest) throw lengthError(module, source.length);
  const flags = flagsOf(compiler, contract);
  const parts = [source, compiler.macros, compiler.command.join("\0"), flags.join("\0")];
  const key = createHash("sha256").update(parts.join("\0\0")).digest("hex");
  fetchLibrary(cacheFolder, key, (folder) => {
    writeFileSync(path.join(folder, sourceName), source);
    const files = { folder, source: sourceName, library: libraryName };
    if (source.length < long || availableParallelism() === 1 || process.platform === "win32")
      compile(compiler, flags, files);
    else compileHalves(compiler, flags, files);
  });
  return key;
}

/** Whether the library of a key is there and whole. */
export function hasLibrary(key: string, { cacheFolder }: BuildOptions): boolean {
  return /^[0-9a-f]{64}$/.test(key) && findLibrary(cacheFolder, key) !== undefined;
}

/** Where the library of a key is. */
export function libraryFile(key: string, { cacheFolder }: BuildOptions): string {
  return path.join(cacheFolder, key, libraryName);
}

function lengthError({ kernels }: Module, found: number): TensorError {
  return new TensorError(
    `Cannot compile to machine code: expected at most ${bytesInWords(longest)} of C, got ${bytesInWords(found)} for ${kernels.length} kernels`,
    "The program unrolls into very many steps: replace repeated structure by scan or by longer axes, or use wasm().",
    "program-too-long",
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
