/**
 * The arena: offsets of all buffers, from the order in which steps use them.
 *
 * A buffer lives from its first use to its last; one that is used inside a loop but was made outside lives through the
 * whole loop. Buffers are placed in the order of their first use into the smallest free block that holds them (best
 * fit), aligned to 64 bytes. A result takes over the memory of an operand that dies in the same call when the kernel
 * reads each element before it writes it. n log n but for the search among free blocks, of which there are few.
 */
import type { Buffer, LoopToken, PlacedStep } from "./place.ts";
import { placesIn } from "./place.ts";

/** Every slot starts at a multiple of this. */
export const alignment = 64;

export interface MemoryPlan {
  readonly offsets: ReadonlyMap<Buffer, number>;
  readonly arenaBytes: number;
}

/** First and last step that uses a buffer. */
export interface Lifetime {
  first: number;
  last: number;
}

interface Share {
  readonly at: number;
  readonly result: Buffer;
  readonly operand: Buffer;
}

/** Places all buffers; `always` lists those that live through everything whether used or not. */
export function planMemory(steps: readonly PlacedStep[], always: readonly Buffer[]): MemoryPlan {
  const { lifetimes, shares } = collectLifetimes(steps);
  for (const buffer of always) lifetimes.set(buffer, { first: -1, last: Number.POSITIVE_INFINITY });
  for (const [buffer, life] of lifetimes) {
    if (buffer.life === "always") life.first = -1;
    if (buffer.life !== "temporary") life.last = Number.POSITIVE_INFINITY;
  }
  return allocate(lifetimes, shares);
}

/** When each buffer is used, by steps numbered in order, and which results may lie over which operands. */
export function collectLifetimes(steps: readonly PlacedStep[]): {
  readonly lifetimes: Map<Buffer, Lifetime>;
  readonly shares: readonly Share[];
} {
  const lifetimes = new Map<Buffer, Lifetime>();
  const shares: Share[] = [];
  let time = 0;
  const touch = (buffer: Buffer, first: number, last: number): void => {
    const life = lifetimes.get(buffer);
    if (life === undefined) lifetimes.set(buffer, { first, last });
    else {
      life.first = Math.min(life.first, first);
      life.last = Math.max(life.last, last);
    }
  };
  const walk = (list: readonly PlacedStep[]): Set<Buffer> => {
    const used = new Set<Buffer>();
    for (const step of list) {
      const start = time++;
      for (const { buffer } of placesIn(step)) {
        touch(buffer, start, start);
        used.add(buffer);
      }
      if (step.kind === "call") shares.push(...sharesOf(step, start));
      if (step.kind !== "repeat" && step.kind !== "while") continue;
      const inside = walk(step.kind === "while" ? [...step.condition, ...step.body] : step.body);
      const end = time++;
      if (step.kind === "while") inside.add(step.flag.buffer);
      for (const buffer of inside) {
        if (isInside(buffer, step.token)) continue;
        touch(buffer, start, end);
        used.add(buffer);
      }
    }
    return used;
  };
  walk(steps);
  return { lifetimes, shares };
}

function isInside(buffer: Buffer, token: LoopToken): boolean {
  return buffer.loops.includes(token);
}

function sharesOf(step: Extract<PlacedStep, { kind: "call" }>, at: number): Share[] {
  const uses = (buffer: Buffer): number => step.places.filter((place) => place.buffer === buffer).length;
  return step.over.flatMap(([result, operand]) =>
    uses(result.buffer) === 1 && uses(operand.buffer) === 1 && result.buffer.bytes === operand.buffer.bytes
      ? [{ at, result: result.buffer, operand: operand.buffer }]
      : [],
  );
}

interface Block {
  readonly offset: number;
  readonly bytes: number;
}

function allocate(lifetimes: ReadonlyMap<Buffer, Lifetime>, shares: readonly Share[]): MemoryPlan {
  const offsets = new Map<Buffer, number>();
  const taken = new Set<Buffer>();
  const byFirst = [...lifetimes].sort(([, a], [, b]) => a.first - b.first);
  const byLast = [...lifetimes].sort(([, a], [, b]) => a.last - b.last);
  const candidates = new Map<Buffer, Share[]>();
  for (const share of shares) candidates.set(share.result, [...(candidates.get(share.result) ?? []), share]);
  let free: Block[] = [];
  let top = 0;
  let dead = 0;
  for (const [buffer, life] of byFirst) {
    for (; dead < byLast.length; dead++) {
      const [old, { last }] = byLast[dead] as [Buffer, Lifetime];
      if (last >= life.first) break;
      if (taken.has(old)) continue;
      free = release(free, { offset: offsets.get(old) as number, bytes: aligned(old.bytes) });
    }
    const share = (candidates.get(buffer) ?? []).find(({ at, operand }) => {
      return at === life.first && !taken.has(operand) && lifetimes.get(operand)?.last === at && offsets.has(operand);
    });
    if (share !== undefined) {
      taken.add(share.operand);
      offsets.set(buffer, offsets.get(share.operand) as number);
      continue;
    }
    const bytes = aligned(buffer.bytes);
    const best = bestFit(free, bytes);
    if (best === undefined) {
      offsets.set(buffer, top);
      top += bytes;
    } else {
      offsets.set(buffer, best.offset);
      free = free.flatMap((block) => (block === best ? remainder(best, bytes) : [block]));
    }
  }
  return { offsets, arenaBytes: Math.max(top, alignment) };
}

function aligned(bytes: number): number {
  return Math.max(alignment, Math.ceil(bytes / alignment) * alignment);
}

function bestFit(free: readonly Block[], bytes: number): Block | undefined {
  let best: Block | undefined;
  for (const block of free) {
    if (block.bytes >= bytes && (best === undefined || block.bytes < best.bytes)) best = block;
  }
  return best;
}

function remainder({ offset, bytes }: Block, used: number): Block[] {
  return bytes === used ? [] : [{ offset: offset + used, bytes: bytes - used }];
}

/** Adds a block to the free ones, in order of offset, joined with its neighbours. */
function release(free: readonly Block[], block: Block): Block[] {
  const result: Block[] = [];
  let fresh = block;
  let isPlaced = false;
  for (const other of free) {
    if (other.offset + other.bytes === fresh.offset) fresh = { offset: other.offset, bytes: other.bytes + fresh.bytes };
    else if (fresh.offset + fresh.bytes === other.offset)
      fresh = { offset: fresh.offset, bytes: fresh.bytes + other.bytes };
    else {
      if (!isPlaced && other.offset > fresh.offset) {
        result.push(fresh);
        isPlaced = true;
      }
      result.push(other);
    }
  }
  if (!isPlaced) result.push(fresh);
  return result;
}
