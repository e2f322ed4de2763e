/**
 * Unrolling of innermost loops with small bodies: the body is repeated, later copies with the counter moved.
 *
 * Copies run in order and use the same locals, so every result is the same to the last bit; what goes away is the
 * counting and the jump, which in a body of a few instructions cost as much as the work. What remains when the count
 * does not divide is a second loop.
 */
import { binary, index as counterOf } from "./build.ts";
import { childrenOf, expressionsOf } from "./children.ts";
import type { Address, Expression, LoopVariable, Statement } from "./kernel.ts";

type Loop = Extract<Statement, { kind: "loop" }>;

/** Expression nodes that an unrolled body aims at, and the most copies. */
const aim = 48;
const mostCopies = 4;

/** The statements with their small innermost loops unrolled. */
export function unroll(body: readonly Statement[]): readonly Statement[] {
  return body.flatMap((statement) => {
    if (statement.kind === "set" || statement.kind === "store") return [statement];
    if (statement.kind !== "loop") return [{ ...statement, body: unroll(statement.body) }];
    if (statement.body.some(({ kind }) => kind !== "set" && kind !== "store")) {
      return [{ ...statement, body: unroll(statement.body) }];
    }
    return unrollLoop(statement);
  });
}

function unrollLoop(loop: Loop): Statement[] {
  const count = Math.ceil((loop.to - loop.from) / loop.step);
  const copies = Math.min(mostCopies, Math.floor(aim / sizeOf(loop.body)), count);
  if (copies < 2) return [loop];
  const whole = Math.floor(count / copies);
  const middle = loop.from + whole * copies * loop.step;
  const bodies = Array.from({ length: copies }, (_, copy) => shift(loop.body, loop.loop, copy * loop.step));
  const main: Statement = { ...loop, to: middle, step: copies * loop.step, body: bodies.flat() };
  return middle < loop.to ? [main, { ...loop, from: middle }] : [main];
}

/** Nodes of the body, shared ones counted once; stops counting when it is large. */
function sizeOf(body: readonly Statement[]): number {
  const seen = new Set<Expression>();
  const visit = (expression: Expression): void => {
    if (seen.size > aim || seen.has(expression)) return;
    if (expression.kind !== "local" && expression.kind !== "number") seen.add(expression);
    for (const child of childrenOf(expression)) visit(child);
  };
  for (const statement of body) for (const expression of expressionsOf(statement)) visit(expression);
  return seen.size + body.length;
}

/** A straight body with the counter replaced by counter + by. */
function shift(body: readonly Statement[], loop: LoopVariable, by: number): readonly Statement[] {
  if (by === 0) return body;
  const known = new Map<Expression, Expression>();
  const expression = (old: Expression): Expression => {
    const before = known.get(old);
    if (before !== undefined) return before;
    const fresh = rebuild(old);
    known.set(old, fresh);
    return fresh;
  };
  const address = (old: Address): Address => {
    const stride = old.terms.reduce((sum, term) => (term.loop === loop ? sum + term.stride : sum), 0);
    const moved = { ...old, offset: old.offset + stride * by };
    return old.dynamic === undefined ? moved : { ...moved, dynamic: expression(old.dynamic) };
  };
  const rebuild = (old: Expression): Expression => {
    switch (old.kind) {
      case "number":
      case "local":
        return old;
      case "index":
        return old.loop === loop ? binary("add", counterOf(loop, old.lanes), by) : old;
      case "load":
        return { ...old, address: address(old.address) };
      case "select":
        return { ...old, condition: expression(old.condition), a: expression(old.a), b: expression(old.b) };
      case "binary":
      case "interleave":
        return { ...old, a: expression(old.a), b: expression(old.b) };
      case "fromBits":
        return { ...old, high: expression(old.high), low: expression(old.low) };
      default:
        return { ...old, a: expression(old.a) };
    }
  };
  return body.map((statement) => {
    if (statement.kind === "set") return { ...statement, value: expression(statement.value) };
    if (statement.kind === "store") {
      return { ...statement, address: address(statement.address), value: expression(statement.value) };
    }
    return statement;
  });
}
