/**
 * The encoding of single vector instructions.
 */
import type { KernelContext } from "./kernel-context.ts";

/** A vector instruction without immediates. */
export function emitSimd(context: KernelContext, opcode: number): void {
  context.function.code.byte(0xfd);
  context.function.code.unsigned(opcode);
}

/** A vector instruction that names a lane. */
export function emitLane(context: KernelContext, opcode: number, lane: number): void {
  emitSimd(context, opcode);
  context.function.code.byte(lane);
}

/** Four words chosen among eight: 0-3 of the first operand, 4-7 of the second. */
export function emitShuffle(context: KernelContext, words: readonly [number, number, number, number]): void {
  emitSimd(context, 0x0d);
  for (const word of words) for (let byte = 0; byte < 4; byte++) context.function.code.byte(4 * word + byte);
}
