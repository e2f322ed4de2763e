/**
 * Addresses: base parameter + offset + loop terms + a computed part.
 *
 * The sum of a base and its loop terms is built up along the loops: when a loop body starts, every such sum that its
 * body needs and that involves its counter is kept in a Wasm local. Offsets go into the instruction where they are not
 * negative, so that unrolled copies of a body share their addresses.
 */
import { defect } from "../../errors.ts";
import { bodyOf, childrenOf, expressionsOf } from "../../kernel/children.ts";
import type { Address, Expression, LoopVariable, Statement } from "../../kernel/kernel.ts";
import { i32 } from "./assembler.ts";
import { emitGet, emitKeep, type KernelContext } from "./kernel-context.ts";
import { code } from "./opcodes.ts";

/** An address whose run-time part is on the stack: the rest is `offset`, which is not negative. */
export interface EmittedAddress {
  readonly offset: number;
}

type Term = Address["terms"][number];

/**
 * Keeps the sums that `body` needs and whose innermost loop is `loop`, whose counter has just been set. Gives their
 * keys, to be dropped after the body.
 */
export function emitAddressSums(context: KernelContext, loop: LoopVariable, body: readonly Statement[]): string[] {
  const added: string[] = [];
  for (const address of addressesIn(body)) {
    if (!address.terms.some((term) => term.loop === loop)) continue;
    const terms = variableTerms(context, address);
    const at = terms.findIndex((term) => term.loop === loop);
    if (at < 0) continue;
    const key = sumKey(context, address.base, terms.slice(0, at + 1));
    if (context.addresses.has(key)) continue;
    emitSum(context, address.base, terms.slice(0, at));
    emitProduct(context, terms[at] as Term);
    context.function.code.byte(code.i32Add);
    context.addresses.set(key, emitKeep(context, i32));
    added.push(key);
  }
  return added;
}

/** Pushes the run-time part of `address`, moved by `extra` bytes; gives the rest. */
export function emitAddress(
  context: KernelContext,
  address: Address,
  emit: (expression: Expression) => void,
  extra = 0,
): EmittedAddress {
  const out = context.function.code;
  const terms = variableTerms(context, address);
  emitSum(context, address.base, terms);
  if (address.dynamic !== undefined) {
    emit(address.dynamic);
    out.byte(code.i32Add);
  }
  const offset = address.offset + extra + knownBytes(context, address);
  // Instructions add their offset without wrapping: a sum that may lie below the arena must be complete before.
  const mayWrap = address.dynamic !== undefined || terms.some(({ stride }) => stride < 0);
  if (offset >= 0 && !mayWrap) return { offset };
  out.byte(code.i32Const);
  out.signed(offset);
  out.byte(code.i32Add);
  return { offset: 0 };
}

/** Pushes base + terms; all terms but those known here are kept already. */
function emitSum(context: KernelContext, base: number, terms: readonly Term[]): void {
  const kept = context.addresses.get(sumKey(context, base, terms));
  emitGet(context, kept ?? base);
}

function emitProduct(context: KernelContext, term: Term): void {
  const out = context.function.code;
  const counter = context.counters.get(term.loop);
  if (counter === undefined || !("local" in counter))
    throw defect(`Cannot emit an address: expected a loop around it, got none for ${term.loop.name}`);
  emitGet(context, counter.local);
  if (term.stride === 1) return;
  const bits = Math.log2(term.stride);
  out.byte(code.i32Const);
  out.signed(Number.isInteger(bits) ? bits : term.stride);
  out.byte(Number.isInteger(bits) ? code.i32ShiftLeft : code.i32Mul);
}

/** The terms whose counter varies, equal loops added up, in the order of nesting. */
function variableTerms(context: KernelContext, address: Address): Term[] {
  const result: Term[] = [];
  if (address.terms.length === 0) return result;
  for (const [loop, counter] of context.counters) {
    if ("value" in counter) continue;
    const stride = address.terms.reduce((sum, term) => (term.loop === loop ? sum + term.stride : sum), 0);
    if (stride !== 0) result.push({ loop, stride });
  }
  return result;
}

/** Bytes of the terms whose counter is known. */
function knownBytes(context: KernelContext, address: Address): number {
  return address.terms.reduce((sum, { loop, stride }) => {
    const counter = context.counters.get(loop);
    return counter !== undefined && "value" in counter ? sum + stride * counter.value : sum;
  }, 0);
}

/** Sums are known by their base and by the Wasm locals of the counters. */
function sumKey(context: KernelContext, base: number, terms: readonly Term[]): string {
  const parts = terms.map(({ loop, stride }) => {
    const counter = context.counters.get(loop);
    return counter !== undefined && "local" in counter ? `${counter.local}*${stride}` : "";
  });
  return [base, ...parts].join("+");
}

function addressesIn(body: readonly Statement[]): Address[] {
  const found: Address[] = [];
  const seen = new Set<Expression>();
  const visit = (expression: Expression): void => {
    if (seen.has(expression)) return;
    seen.add(expression);
    if (expression.kind === "load") found.push(expression.address);
    childrenOf(expression).forEach(visit);
  };
  const walk = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === "store") found.push(statement.address);
      expressionsOf(statement).forEach(visit);
      walk(bodyOf(statement));
    }
  };
  walk(body);
  return found;
}
