/**
 * The state of emitting one kernel: where locals, counters, addresses and shared values live in the Wasm function.
 *
 * Values are pushed on the operand stack. An expression that is met twice (by identity) in one straight run of
 * statements is kept in a Wasm local at its first use; a later `set` of a local it reads, or a `store` when it loads,
 * forgets it, since its value may have changed.
 */

import { bodyOf, childrenOf, expressionsOf } from "../../kernel/children.ts";
import type { Expression, Local, LoopVariable, Statement } from "../../kernel/kernel.ts";
import { createFunction, type FunctionBuilder, f32, f64, i32, type ValueType, v128 } from "./assembler.ts";
import { code } from "./opcodes.ts";

/** Where a loop counter is: in a Wasm local, or known because the loop runs once. */
export type Counter = { readonly local: number } | { readonly value: number };

export interface KernelContext {
  readonly function: FunctionBuilder;
  readonly locals: Map<Local, number>;
  /** The loops around, outermost first. */
  readonly counters: Map<LoopVariable, Counter>;
  /** Locals that are set in more than one place. */
  readonly mutable: ReadonlySet<Local>;
  /** Values kept in Wasm locals, and how often each expression of this run of statements is used. */
  shared: Map<Expression, number>;
  uses: Map<Expression, number>;
  /** Sums of a base and loop terms, by their key; see `emit-address.ts`. */
  readonly addresses: Map<string, number>;
}

export function createContext(parameters: number, body: readonly Statement[]): KernelContext {
  return {
    function: createFunction(parameters),
    locals: new Map(),
    counters: new Map(),
    mutable: mutableLocals(body),
    shared: new Map(),
    uses: new Map(),
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

/** Starts a straight run of statements: counts uses, forgets what was kept. */
export function startRun(context: KernelContext, statements: readonly Statement[]): void {
  context.shared = new Map();
  context.uses = new Map();
  const visit = (expression: Expression): void => {
    const before = context.uses.get(expression) ?? 0;
    context.uses.set(expression, before + 1);
    if (before === 0) for (const child of childrenOf(expression)) visit(child);
  };
  for (const statement of statements) for (const expression of expressionsOf(statement)) visit(expression);
}

/** Forgets kept values that read `local`. */
export function forgetLocal(context: KernelContext, local: Local): void {
  if (!context.mutable.has(local)) return;
  forget(context, (expression) => expression.kind === "local" && expression.local === local);
}

/** Forgets kept values that load from memory. */
export function forgetLoads(context: KernelContext): void {
  forget(context, (expression) => expression.kind === "load");
}

function forget(context: KernelContext, stale: (expression: Expression) => boolean): void {
  if (context.shared.size === 0) return;
  const known = new Map<Expression, boolean>();
  const reads = (expression: Expression): boolean => {
    const before = known.get(expression);
    if (before !== undefined) return before;
    const result = stale(expression) || childrenOf(expression).some(reads);
    known.set(expression, result);
    return result;
  };
  for (const expression of context.shared.keys()) if (reads(expression)) context.shared.delete(expression);
}

function mutableLocals(body: readonly Statement[]): Set<Local> {
  const once = new Set<Local>();
  const mutable = new Set<Local>();
  const visit = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === "set") (once.has(statement.local) ? mutable : once).add(statement.local);
      visit(bodyOf(statement));
    }
  };
  visit(body);
  return mutable;
}
