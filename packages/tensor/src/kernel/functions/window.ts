/**
 * A run of neighbouring entries of a table of constants, chosen by lane.
 *
 * Targets have no gathers from constants, so the start is applied bit by bit: for each bit, from the highest, the table
 * is moved by that power of two where the bit is set, and only what later moves can still reach is kept.
 */
import type { Block } from "../block.ts";
import { and, equal, number, select } from "../build.ts";
import type { Expression } from "../kernel.ts";

/** Entries start … start + count - 1, of the type of `like`; start is int32, below 2^bits; beyond the table is 0. */
export function windowOf(
  block: Block,
  table: readonly number[],
  like: Expression,
  start: Expression,
  bits: number,
  count: number,
): Expression[] {
  const zero = number(like.dtype, like.lanes, 0);
  let entries = table.map((entry) => number(like.dtype, like.lanes, entry));
  for (let bit = bits - 1; bit >= 0; bit--) {
    const stays = block.name("stays", equal(and(start, 1 << bit), 0));
    const reach = count + (1 << bit) - 1;
    entries = Array.from({ length: reach }, (_, at) =>
      block.name("entry", select(stays, entries[at] ?? zero, entries[at + (1 << bit)] ?? zero)),
    );
  }
  return entries;
}
