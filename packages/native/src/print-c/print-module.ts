/**
 * A module to one C text for one machine: vector types and helper functions, a function for each kernel, the driver, and
 * the entries that are loaded.
 *
 * Entries: `leastaction_run` runs the driver on an arena, on so many threads as it has room for; `leastaction_time` one kernel, and says how many ms it took;
 * `leastaction_address` gives a place as a number, `leastaction_pool` the threads that libraries share. Arithmetic is IEEE 754 as the kernel language has it, given that
 * compilers do not contract or reorder. With PART defined as 1 or 2 it is half of itself, so that two compilers can run at
 * once.
 */
import type { Kernel, Module } from "@leastaction/tensor/kernel";
import { type CFeatures, createPrelude } from "./prelude.ts";
import { printDriver } from "./print-driver.ts";
import { kernelHead, printKernel } from "./print-kernel.ts";
import { noThreads, printThreads, threadsHead } from "./print-threads.ts";

export interface PrintOptions extends CFeatures {
  /** Whether numbers too small for the normal format are taken as zero while a step runs. */
  readonly flushToZero: boolean;
}

/** The C text of a module. */
export function printModule(module: Module, options: PrintOptions): string {
  const prelude = createPrelude(options);
  const kernels = module.kernels.map((kernel, i) => printKernel(prelude, kernel, `kernel${i}`));
  const { set, restore } = smallNumbers(options.flushToZero);
  const half = halfOf(kernels);
  const { parts, main, tasks } = printDriver(module.driver);
  const divides = tasks.length > 0;
  return [
    "#include <time.h>",
    linkage,
    prelude.text(),
    ...module.kernels.map((kernel, i) => `${kernelHead(kernel, `kernel${i}`)};`),
    "#if PART != 2",
    ...kernels.slice(0, half),
    "#endif",
    "#if PART != 1",
    ...kernels.slice(half),
    ...(divides ? [threadsHead] : []),
    parts,
    divides ? printThreads(tasks, { set, restore }) : noThreads,
    main,
    "void leastaction_run(unsigned long arena, int threads) {",
    set,
    ...(divides ? ["take_threads(threads);", "drive((char *)arena);", "leave_threads();"] : ["drive((char *)arena);"]),
    restore,
    "}",
    printTiming(module.kernels, set, restore),
    "unsigned long leastaction_address(void *place) { return (unsigned long)place; }",
    "#endif",
    "",
  ].join("\n");
}

/** Kernels are known in both halves, and nowhere else. */
const linkage = `#if PART
#define KERNEL __attribute__((noinline, visibility("hidden")))
#else
#define KERNEL static __attribute__((noinline))
#endif`;

/** How many texts, from the first, make about half of all their characters. */
function halfOf(texts: readonly string[]): number {
  const total = texts.reduce((sum, { length }) => sum + length, 0);
  let sum = 0;
  const half = texts.findIndex(({ length }) => {
    sum += length;
    return 2 * sum > total;
  });
  return Math.max(0, half);
}

/** The mode is set around a run and put back: nothing else in the process sees it. */
function smallNumbers(flushToZero: boolean): { readonly set: string; readonly restore: string } {
  if (!flushToZero) return { set: "", restore: "" };
  return {
    set: `#if defined(__SSE2__)
unsigned before = __builtin_ia32_stmxcsr();
__builtin_ia32_ldmxcsr(before | 0x8040);
#elif defined(__aarch64__)
unsigned long before;
__asm__ volatile("mrs %0, fpcr" : "=r"(before));
__asm__ volatile("msr fpcr, %0" :: "r"(before | (1ul << 24)) : "memory");
#endif`,
    restore: `#if defined(__SSE2__)
__builtin_ia32_ldmxcsr(before);
#elif defined(__aarch64__)
__asm__ volatile("msr fpcr, %0" :: "r"(before) : "memory");
#endif`,
  };
}

/** One kernel between two readings of the clock; a number that no kernel has gives the time of reading it. */
function printTiming(kernels: readonly Kernel[], set: string, restore: string): string {
  const cases = kernels.map(({ parameters }, i) => {
    const places = Array.from({ length: parameters }, (_, place) => `a + (long)at[${place}]`);
    return `case ${i}: kernel${i}(${places.join(", ")}); break;`;
  });
  return [
    "double leastaction_time(unsigned long kernel, unsigned long arena, const double *at) {",
    "char *a = (char *)arena; struct timespec from, to;",
    set,
    "clock_gettime(CLOCK_MONOTONIC, &from);",
    "switch (kernel) {",
    ...cases,
    "}",
    "clock_gettime(CLOCK_MONOTONIC, &to);",
    restore,
    "return 1e3 * (to.tv_sec - from.tv_sec) + 1e-6 * (to.tv_nsec - from.tv_nsec);",
    "}",
  ].join("\n");
}
