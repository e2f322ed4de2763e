/**
 * `@leastaction/tensor/kernel`: the language between lowering and the targets, for packages that print it.
 */

export { type Block, createBlock } from "./block.ts";
export * from "./build.ts";
export type * from "./kernel.ts";
export { applyBinary, applyUnary, convertElement } from "./scalar.ts";
