/**
 * `@leastaction/tensor/kernel`: the language between lowering and the targets, for packages that print it.
 */

export { type Block, createBlock } from "./block.ts";
export * from "./build.ts";
export { checkKernel, checkModule } from "./check.ts";
export { bodyOf, childrenOf, expressionsOf } from "./children.ts";
export { type Evaluator, evaluate } from "./evaluate.ts";
export {
  atan2,
  type ElementaryFunction,
  elementaryFunctions,
  polygamma,
  pow,
  rem,
  sign,
  threefry2x32,
} from "./functions/index.ts";
export type * from "./kernel.ts";
export { mutableLocals } from "./mutable-locals.ts";
export { printKernel, printModule } from "./print.ts";
export { isSameValue } from "./same-value.ts";
export { applyBinary, applyUnary, convertElement } from "./scalar.ts";
export { readSlot, writeSlot } from "./slot.ts";
