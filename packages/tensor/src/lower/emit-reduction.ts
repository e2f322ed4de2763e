/**
 * Reductions: accumulators from their start to their result.
 *
 * Over the lanes there is one vector accumulator for each copy, and one for each narrower part of the lane loop; across
 * the lanes each copy has its own result.
 */
import { type DType, isFloat } from "../dtype.ts";
import type { Block } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Expression, Local } from "../kernel/kernel.ts";
import type { Reduction } from "../program/primitive.ts";
import { type Accumulators, type Emission, type ReducePoint, read, type Scope } from "./emission.ts";
import type { Segment } from "./plan-loops.ts";

/** Whether reductions of floats are under way, whose order of addition matters. */
export function hasFloatSum({ late, accumulators }: Emission): boolean {
  return accumulators.size > 0 && late.some((point) => point.kind === "reduce" && isFloat(point.dtype));
}

/** Runs a part of all reductions from nothing, then adds it to them. */
export function sumBlock({ accumulators }: Emission, block: Block, write: () => void): void {
  const whole = new Map(accumulators);
  const fresh = (point: ReducePoint, { lanes }: Local): Local =>
    block.variable("part", build.number(point.dtype, lanes, neutral(point.primitive, point.dtype)));
  for (const [point, { copies, narrow }] of whole) {
    const part = (total: Local): Local => fresh(point, total);
    accumulators.set(point, { copies: copies.map(part), narrow: narrow.map(part) });
  }
  write();
  for (const [point, { copies, narrow }] of whole) {
    const parts = accumulators.get(point) as Accumulators;
    const add = (part: Local, total: Local): void =>
      block.set(total, build.binary(combining[point.primitive], build.read(total), build.read(part)));
    parts.copies.forEach((part, i) => {
      add(part, copies[i] as Local);
    });
    parts.narrow.forEach((part, i) => {
      add(part, narrow[i] as Local);
    });
    accumulators.set(point, { copies, narrow });
  }
}

const combining: { readonly [R in Reduction]: "add" | "max" | "min" } = {
  reduceSum: "add",
  reduceMax: "max",
  reduceMin: "min",
};

/** What an empty reduction gives. The sum starts from 0, so that a sum of -0 alone is 0. */
function neutral(primitive: Reduction, dtype: DType): number {
  if (primitive === "reduceSum") return 0;
  const isMax = primitive === "reduceMax";
  if (dtype === "int32") return isMax ? -2147483648 : 2147483647;
  if (dtype === "uint32") return isMax ? 0 : 4294967295;
  return isMax ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Sets the accumulators of a reduction to what an empty one gives. */
export function startReduction(emission: Emission, scope: Scope, point: ReducePoint): void {
  const { plan } = emission;
  const value = neutral(point.primitive, point.dtype);
  const start = (lanes: number): Local => scope.block.variable("sum", build.number(point.dtype, lanes, value));
  if (plan.vector < plan.kept) {
    const count = emission.varying.has(point) ? scope.copies : 1;
    const copies = Array.from({ length: count }, () => start(scope.lanes));
    emission.accumulators.set(point, { copies, narrow: [] });
    return;
  }
  const [first] = plan.segments as readonly [Segment];
  const copies = Array.from({ length: first.copies }, () => start(first.lanes));
  const narrow = plan.segments.filter(({ lanes }) => lanes < first.lanes).map(({ lanes }) => start(lanes));
  emission.accumulators.set(point, { copies, narrow });
}

/** Adds the values of the innermost body. */
export function accumulate(emission: Emission, scope: Scope, point: ReducePoint): void {
  const { plan } = emission;
  const { copies, narrow } = emission.accumulators.get(point) as Accumulators;
  const op = combining[point.primitive];
  const isNarrow = plan.vector >= plan.kept && scope.lanes < (plan.segments[0] as Segment).lanes;
  const targets = isNarrow ? narrow.filter(({ lanes }) => lanes === scope.lanes) : copies.slice(0, scope.copies);
  targets.forEach((target, copy) => {
    const value = read(scope, point.input, copy, target.lanes);
    scope.block.set(target, build.binary(op, build.read(target), value));
  });
}

/** Joins the accumulators: the result is known in the scope from here on. */
export function finishReduction(emission: Emission, scope: Scope, point: ReducePoint): void {
  const { plan } = emission;
  const { copies, narrow } = emission.accumulators.get(point) as Accumulators;
  const op = combining[point.primitive];
  const joined = (a: Expression, b: Expression): Expression => build.binary(op, a, b);
  let parts = copies.map((local) => build.read(local));
  if (plan.vector < plan.kept) {
    const results = parts.map((part) => [part]);
    scope.values.set(point, results);
    return;
  }
  while (parts.length > 1) {
    const half = Math.ceil(parts.length / 2);
    const upper = parts.slice(half);
    parts = parts.slice(0, half).map((part, i) => (i < upper.length ? joined(part, upper[i] as Expression) : part));
  }
  const total = build.horizontal(op, parts[0] as Expression);
  const value = narrow.reduce((sum, local) => joined(sum, build.horizontal(op, build.read(local))), total);
  scope.values.set(point, [[scope.block.name("total", value)]]);
}
