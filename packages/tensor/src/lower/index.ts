/**
 * `@leastaction/tensor/lower`: from a program to a module of kernels, for packages that make targets.
 */
export { checkThreads } from "./check-threads.ts";
export type { CodeKey, CodeStore } from "./code-store.ts";
export { codeUrl } from "./code-url.ts";
export { explainModule, type KernelFacts, kernelFacts } from "./explain.ts";
export { bytesInWords } from "./largest-tensors.ts";
export { type LowerOptions, lower } from "./lower.ts";
export { type CodeMaker, type MadeCode, makeCode } from "./make-code.ts";
export { type KernelTime, type Profile, profileModule, type TimedModule } from "./profile.ts";
export type { ScheduleOptions } from "./schedule-program.ts";
