/**
 * What tests of machine code need: a compiler, and a cache folder for the tests of this repository.
 *
 * Where no compiler works the tests are skipped, and say so.
 */
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "../build-library.ts";
import { findCompiler } from "../compiler.ts";
import { nativeAvailable } from "../native.ts";

/** Kept between runs of the tests, so that only the first one waits for the compiler. */
export const testCache: string = path.join(
  fileURLToPath(new URL(".", import.meta.url)),
  "../../../../node_modules/.cache/leastaction/native",
);

const available = nativeAvailable({ cacheFolder: testCache });
if (!available.ok) console.warn(`SKIPPED: tests of machine code: ${available.reason}`);

/** Whether machine code can be made here. */
export const hasCompiler: boolean = available.ok;

/** Exact arithmetic: what the interpreter does. */
export function exactBuild(): BuildOptions {
  return { compiler: findCompiler(), cacheFolder: testCache, flushToZero: false, contract: false };
}
