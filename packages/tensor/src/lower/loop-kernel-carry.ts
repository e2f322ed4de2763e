/**
 * The carry of a loop in registers: changeable locals, all set together at the end of a turn.
 */
import type { Block } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Expression, Local } from "../kernel/kernel.ts";
import { type Copies, copyOf } from "./loop-kernel-elements.ts";

/** The locals of one tensor, by copy and element. */
export type CarryLeaf = readonly (readonly Local[])[];

/** Locals for a tensor that starts from these values; `lanes` are those of each copy. */
export function startLeaf(block: Block, start: Copies, lanes: readonly number[]): CarryLeaf {
  return lanes.map((width, copy) =>
    copyOf(start, copy).map((value) => block.variable("carry", build.splat(width, value))),
  );
}

/** The values as they are where they are read. */
export function readLeaf(leaf: CarryLeaf): Copies {
  return leaf.map((locals) => locals.map(build.read));
}

/**
 * Sets all leaves to their next values, found before any of them changes. With `active`, one flag for each copy, lanes in
 * which it is false keep what they have.
 */
export function setLeaves(
  block: Block,
  leaves: readonly CarryLeaf[],
  next: readonly Copies[],
  active?: readonly Expression[],
): void {
  const changes = leaves.flatMap((leaf, i) =>
    leaf.flatMap((locals, copy) =>
      locals.map((local, element) => {
        const value = build.splat(local.lanes, copyOf(next[i] as Copies, copy)[element] as Expression);
        const kept = active === undefined ? value : build.select(active[copy] as Expression, value, build.read(local));
        return { local, value: block.name("next", kept) };
      }),
    ),
  );
  for (const { local, value } of changes) block.set(local, value);
}
