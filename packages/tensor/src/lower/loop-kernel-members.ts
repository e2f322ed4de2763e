/**
 * A `while` in registers. In several lanes or copies a member whose condition fails keeps its carry, and the loop ends
 * when all are done.
 */
import type { Block } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Expression } from "../kernel/kernel.ts";
import type { Equation } from "../program/program.ts";
import { type CarryLeaf, readLeaf, setLeaves, startLeaf } from "./loop-kernel-carry.ts";
import { type Copies, copyOf, type ElementScope, programElements } from "./loop-kernel-elements.ts";

const nothing: ReadonlySet<Equation> = new Set();

/** Scalars and tiny tensors only, `lanes` members in each copy. */
export function scopeOfMembers(block: Block, lanes: number): ElementScope {
  return {
    block,
    loop: (equation, inputs) => writeMemberWhile(block, equation, inputs, lanes),
    overLanes: nothing,
    extent: 1,
    counted: () => undefined,
  };
}

function writeMemberWhile(
  block: Block,
  { parameters }: Equation<"while">,
  inputs: readonly Copies[],
  lanes: number,
): readonly Copies[] {
  const { condition, body, conditionConstants, bodyConstants } = parameters;
  const asked = inputs.slice(0, conditionConstants);
  const fixed = inputs.slice(conditionConstants, conditionConstants + bodyConstants);
  const copies = Math.max(1, ...inputs.map((each) => each.length));
  const widths = new Array<number>(copies).fill(lanes);
  const carry: readonly CarryLeaf[] = inputs
    .slice(conditionConstants + bodyConstants)
    .map((start) => startLeaf(block, start, widths));
  const isActive = (into: Block): readonly Expression[] => {
    const [flag] = programElements(scopeOfMembers(into, lanes), condition, [...asked, ...carry.map(readLeaf)]);
    return widths.map((width, copy) => build.splat(width, copyOf(flag as Copies, copy)[0] as Expression));
  };
  const active = isActive(block).map((flag) => block.variable("active", flag));
  block.whileAny(active.map(build.read).reduce(build.or), (turn) => {
    const next = programElements(scopeOfMembers(turn, lanes), body, [...fixed, ...carry.map(readLeaf)]);
    setLeaves(turn, carry, next, lanes === 1 && copies === 1 ? undefined : active.map(build.read));
    const flags = isActive(turn);
    for (const [copy, local] of active.entries()) turn.set(local, flags[copy] as Expression);
  });
  return carry.map(readLeaf);
}
