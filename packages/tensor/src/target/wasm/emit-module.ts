/**
 * A module of the kernel language to a WebAssembly binary: kernels, then the driver, one memory.
 */
import type { Module } from "../../kernel/kernel.ts";
import { assembleModule } from "./assembler.ts";
import { divides, emitDriver, mostCounters } from "./emit-driver.ts";
import { emitKernel } from "./emit-kernel.ts";

const pageBytes = 65536;

/**
 * The binary; it exports "memory", "run", each kernel by its number (a step can be taken apart to measure it) and each
 * task, `task0` and so on. Where the driver is divided it imports the function that hands out turns, and the memory too if
 * that is to be shared.
 */
export function emitModule(module: Module, isShared = false): Uint8Array {
  const isDivided = module.driver.some(divides);
  const imported = new Map<string, number>(isDivided ? [["divide", 2]] : []);
  const kernels = module.kernels.map(emitKernel);
  const first = imported.size;
  const driver = emitDriver(module.driver, {
    kernels: first,
    first: first + kernels.length,
    around: module.arenaBytes,
  });
  const functions = [...kernels, ...driver.functions];
  const exported = new Map([
    ["run", first + functions.length - 1],
    ...kernels.map((_, i) => [String(i), first + i] as const),
    ...driver.tasks.map((index, i) => [`task${i}`, index] as const),
  ]);
  const memoryPages = Math.ceil(memoryBytes(module.arenaBytes, isDivided) / pageBytes);
  return assembleModule(functions, { exported, imported, memoryPages, isShared: isShared && isDivided });
}

/** Bytes of memory: the arena, and behind it the counters of the loops around a task. */
function memoryBytes(arenaBytes: number, isDivided: boolean): number {
  return arenaBytes + (isDivided ? 4 * mostCounters : 0);
}

/** Pages of the memory that threads share. */
export function sharedPages(arenaBytes: number): number {
  return Math.ceil(memoryBytes(arenaBytes, true) / pageBytes);
}
