/**
 * A module to one C text for one machine: vector types and helper functions, a function for each kernel, the driver, and
 * the entries that are loaded.
 *
 * Entries: `void leastaction_run(char *arena)`, and `unsigned long leastaction_address(void *)`, which gives a place as
 * a number. Arithmetic is IEEE 754 as the kernel language has it, given that compilers do not contract or reorder.
 */
import type { Module } from "@leastaction/tensor/kernel";
import { type CFeatures, createPrelude } from "./prelude.ts";
import { printDriver } from "./print-driver.ts";
import { printKernel } from "./print-kernel.ts";

export interface PrintOptions extends CFeatures {
  /** Whether numbers too small for the normal format are taken as zero while a step runs. */
  readonly flushToZero: boolean;
}

/** The C text of a module. */
export function printModule(module: Module, options: PrintOptions): string {
  const prelude = createPrelude(options);
  const kernels = module.kernels.map((kernel, i) => printKernel(prelude, kernel, `kernel${i}`));
  return [prelude.text(), ...kernels, printDriver(module.driver), entries(options.flushToZero), ""].join("\n");
}

/** The mode is set around a run and put back: nothing else in the process sees it. */
function entries(flushToZero: boolean): string {
  const run = "void leastaction_run(unsigned long arena)";
  const address = "unsigned long leastaction_address(void *place) { return (unsigned long)place; }";
  const call = "drive((char *)arena);";
  if (!flushToZero) return `${run} { ${call} }\n${address}`;
  return `#if defined(__SSE2__)
${run} {
unsigned before = __builtin_ia32_stmxcsr();
__builtin_ia32_ldmxcsr(before | 0x8040);
${call}
__builtin_ia32_ldmxcsr(before);
}
#elif defined(__aarch64__)
${run} {
unsigned long before;
__asm__ volatile("mrs %0, fpcr" : "=r"(before));
__asm__ volatile("msr fpcr, %0" :: "r"(before | (1ul << 24)) : "memory");
${call}
__asm__ volatile("msr fpcr, %0" :: "r"(before) : "memory");
}
#else
${run} { ${call} }
#endif
${address}`;
}
