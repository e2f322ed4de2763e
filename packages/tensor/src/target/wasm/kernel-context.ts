/**
 * The state of emitting one kernel: where locals, counters, addresses and shared values live in the Wasm function.
 *
 * Values are pushed on the operand stack; what is used again stays in Wasm locals.
 */

import type { Expression, Local, LoopVariable, Statement } from "../../kernel/kernel.ts";
import { mutableLocals } from "../../kernel/mutable-locals.ts";
import { createFunction, type FunctionBuilder, f32, f64, i32, type ValueType, v128 } from "./assembler.ts";
import { code } from "./opcodes.ts";
import { createSharing, type Sharing } from "./sharing.ts";

/** Where a loop counter is: in a Wasm local, or known because the loop runs once. */
export type Counter = { readonly local: number } | { readonly value: number };

export interface KernelContext {
  readonly function: FunctionBuilder;
  readonly locals: Map<Local, number>;
  /** The loops around, outermost first. */
  readonly counters: Map<LoopVariable, Counter>;
  /** Values of the current run of statements that are kept in Wasm locals. */
  readonly sharing: Sharing;
  /** Sums of a base and loop terms, by their key; see `emit-address.ts`. */
  readonly addresses: Map<string, number>;
}

export function createContext(parameters: number, body: readonly Statement[]): KernelContext {
  return {
    function: createFunction(parameters),
    locals: new Map(),
    counters: new Map(),
    sharing: createSharing(mutableLocals(body)),
    addresses: new Map(),
  };
}

/** The Wasm type of a value in registers. */
export function typeOf(value: Pick<Expression, "dtype" | "lanes">): ValueType {
  if (value.lanes > 1) return v128;
  return value.dtype === "float32" ? f32 : value.dtype === "float64" ? f64 : i32;
}

export function emitGet(context: KernelContext, index: number): void {
  context.function.code.byte(code.localGet);
  context.function.code.unsigned(index);
}

export function emitSet(context: KernelContext, index: number): void {
  context.function.code.byte(code.localSet);
  context.function.code.unsigned(index);
}

export function emitTee(context: KernelContext, index: number): void {
  context.function.code.byte(code.localTee);
  context.function.code.unsigned(index);
}

/** Moves the top of the stack to a new Wasm local. */
export function emitKeep(context: KernelContext, type: ValueType): number {
  const index = context.function.local(type);
  emitSet(context, index);
  return index;
}

/** The Wasm local of a kernel local. */
export function localIndex(context: KernelContext, local: Local): number {
  const known = context.locals.get(local);
  if (known !== undefined) return known;
  const fresh = context.function.local(typeOf(local));
  context.locals.set(local, fresh);
  return fresh;
}
