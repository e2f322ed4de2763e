/**
 * A module of the kernel language to a WebAssembly binary: kernels, then the driver, one memory.
 */
import type { Module } from "../../kernel/kernel.ts";
import { assembleModule } from "./assembler.ts";
import { emitDriver } from "./emit-driver.ts";
import { emitKernel } from "./emit-kernel.ts";

const pageBytes = 65536;

/** The binary; it exports "memory", "run" and, by its number, each kernel: a step can be taken apart to measure it. */
export function emitModule(module: Module): Uint8Array {
  const kernels = module.kernels.map(emitKernel);
  const functions = [...kernels, ...emitDriver(module.driver, kernels.length)];
  const exported = new Map([["run", functions.length - 1], ...kernels.map((_, i) => [String(i), i] as const)]);
  const pages = Math.ceil(module.arenaBytes / pageBytes);
  return assembleModule(functions, exported, pages);
}
