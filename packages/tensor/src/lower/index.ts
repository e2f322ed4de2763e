/**
 * `@leastaction/tensor/lower`: from a program to a module of kernels, for packages that make targets.
 */
export { explainModule } from "./explain.ts";
export { type LowerOptions, lower } from "./lower.ts";
