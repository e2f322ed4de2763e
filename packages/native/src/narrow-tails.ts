/**
 * Single elements at the end of a lane loop, as narrower vectors.
 *
 * A loop over lanes is followed by one over the elements that do not fill a vector. With 16 lanes those are up to 15,
 * each as expensive as a vector. Here such a loop is cut into pieces of 8, 4 and (for 8-byte elements) 2 lanes, the rest
 * stays. In: a kernel with vectors of one width. Out: one that gives the same values, but sums over the lane axis whose
 * last elements now join as a tree. What is not understood is left as it is.
 *
 * Why it is allowed: the loop before runs the same body over lanes, so that turns do not depend on each other but
 * through sums.
 */
import {
  bodyOf,
  childrenOf,
  type Expression,
  expressionsOf,
  type Kernel,
  type Local,
  type Module,
  type Statement,
} from "@leastaction/tensor/kernel";
import { widen } from "./widen.ts";

type Loop = Extract<Statement, { kind: "loop" }>;

/** The module with narrower tails; `vectorBytes` is the width that its kernels are made for. */
export function narrowTails(module: Module, vectorBytes: number): Module {
  return { ...module, kernels: module.kernels.map((kernel) => narrowKernel(kernel, vectorBytes)) };
}

function narrowKernel(kernel: Kernel, vectorBytes: number): Kernel {
  return { ...kernel, body: narrowBody(kernel.body, vectorBytes, new Set()) };
}

function narrowBody(body: readonly Statement[], vectorBytes: number, outside: ReadonlySet<Local>): Statement[] {
  const set = new Set(outside);
  return body.flatMap((statement, i) => {
    if (statement.kind === "set") set.add(statement.local);
    if (statement.kind === "branch") return [{ ...statement, body: narrowBody(statement.body, vectorBytes, set) }];
    if (statement.kind !== "loop") return [statement];
    if (isTail(body[i - 1], statement)) return cut(statement, vectorBytes, set);
    return [{ ...statement, body: narrowBody(statement.body, vectorBytes, set) }];
  });
}

/** Whether `loop` goes on, element by element, where a loop over lanes ended. */
function isTail(before: Statement | undefined, loop: Loop): boolean {
  return (
    before?.kind === "loop" && before.step > 1 && before.to === loop.from && loop.step === 1 && hasLanes(before.body)
  );
}

function hasLanes(body: readonly Statement[]): boolean {
  return body.some(
    (statement) => expressionsOf(statement).some(({ lanes }) => lanes > 1) || hasLanes(bodyOf(statement)),
  );
}

/** The pieces of a tail, widest first, and what is left. */
function cut(loop: Loop, vectorBytes: number, outside: ReadonlySet<Local>): readonly Statement[] {
  const element = hasDoubles(loop.body) ? 8 : 4;
  const pieces: Statement[] = [];
  let from = loop.from;
  for (let lanes = vectorBytes / element / 2; lanes * element >= 16; lanes /= 2) {
    const to = from + Math.floor((loop.to - from) / lanes) * lanes;
    if (to === from) continue;
    const wide = widen({ ...loop, from, to }, lanes, outside);
    if (wide === undefined) return [loop];
    pieces.push(wide);
    from = to;
  }
  return from < loop.to ? [...pieces, { ...loop, from }] : pieces;
}

function hasDoubles(body: readonly Statement[]): boolean {
  const seen = new Set<Expression>();
  const inside = (expression: Expression): boolean => {
    if (seen.has(expression)) return false;
    seen.add(expression);
    return expression.dtype === "float64" || childrenOf(expression).some(inside);
  };
  return body.some((statement) => expressionsOf(statement).some(inside) || hasDoubles(bodyOf(statement)));
}
