/**
 * The arena: offsets of all buffers, from the order in which steps use them.
 *
 * A buffer lives from its first use to its last; one that is used inside a loop but was made outside lives through the
 * whole loop. Buffers are placed in the order of their first use into the smallest free block that holds them (best
 * fit), aligned to 64 bytes. A result takes over the memory of an operand that dies in the same call when the kernel
 * reads each element before it writes it. n log n.
 */
import { createFreeBlocks } from "./free-blocks.ts";
import type { Buffer, LoopToken, Place, PlacedStep } from "./place.ts";
import { placesIn } from "./place.ts";

/** Every slot starts at a multiple of this. */
export const alignment = 64;

export interface MemoryPlan {
  readonly offsets: ReadonlyMap<Buffer, number>;
  /** Bytes from what one thread has for itself to what the next one has. */
  readonly ownBytes: number;
  readonly arenaBytes: number;
}

/** Whether each thread has such a buffer for itself: what is made in a turn that may run beside others. */
export function isOwn({ loops }: Buffer): boolean {
  return loops.some(({ isParallel }) => isParallel);
}

/** First and last step that uses a buffer. */
export interface Lifetime {
  first: number;
  last: number;
}

/** Buffers of one size in one call: each result may take over each operand. */
interface Share {
  readonly at: number;
  readonly results: readonly Buffer[];
  readonly operands: readonly Buffer[];
}

/**
 * Places all buffers; `always` lists those that live through everything whether used or not. What each of `threads` has
 * for itself lies behind the rest, laid out once: offsets are those of the first thread.
 */
export function planMemory(steps: readonly PlacedStep[], always: readonly Buffer[], threads = 1): MemoryPlan {
  const { lifetimes, shares } = collectLifetimes(steps);
  for (const buffer of always) lifetimes.set(buffer, { first: -1, last: Number.POSITIVE_INFINITY });
  for (const [buffer, life] of lifetimes) {
    if (buffer.life === "always") life.first = -1;
    if (buffer.life !== "temporary") life.last = Number.POSITIVE_INFINITY;
  }
  const entries = [...lifetimes];
  const common = allocate(new Map(entries.filter(([buffer]) => !isOwn(buffer))), shares);
  const own = allocate(new Map(entries.filter(([buffer]) => isOwn(buffer))), shares);
  const start = Math.max(common.bytes, alignment);
  const offsets = new Map(common.offsets);
  for (const [buffer, offset] of own.offsets) offsets.set(buffer, start + offset);
  return { offsets, ownBytes: own.bytes, arenaBytes: start + threads * own.bytes };
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
      if (step.kind !== "repeat" && step.kind !== "while" && step.kind !== "parallel") continue;
      const inside = walk(stepsIn(step));
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

function stepsIn(step: Extract<PlacedStep, { token: LoopToken }>): readonly PlacedStep[] {
  if (step.kind === "parallel") return step.parts.flatMap(({ body }) => body);
  return step.kind === "while" ? [...step.condition, ...step.body] : step.body;
}

function isInside(buffer: Buffer, token: LoopToken): boolean {
  return buffer.loops.includes(token);
}

function sharesOf(step: Extract<PlacedStep, { kind: "call" }>, at: number): Share[] {
  if (step.over.length === 0) return [];
  const uses = new Map<Buffer, number>();
  for (const { buffer } of step.places) uses.set(buffer, (uses.get(buffer) ?? 0) + 1);
  const once = (places: readonly Place[]): Buffer[] =>
    places.map(({ buffer }) => buffer).filter((buffer) => uses.get(buffer) === 1);
  return step.over.flatMap(({ results, operands }) => {
    const candidates = bySize(once(operands));
    return [...bySize(once(results))].map(([bytes, buffers]) => {
      return { at, results: buffers, operands: candidates.get(bytes) ?? [] };
    });
  });
}

function bySize(buffers: readonly Buffer[]): ReadonlyMap<number, readonly Buffer[]> {
  const groups = new Map<number, Buffer[]>();
  for (const buffer of buffers) {
    const group = groups.get(buffer.bytes);
    if (group === undefined) groups.set(buffer.bytes, [buffer]);
    else group.push(buffer);
  }
  return groups;
}

function allocate(
  lifetimes: ReadonlyMap<Buffer, Lifetime>,
  shares: readonly Share[],
): { readonly offsets: ReadonlyMap<Buffer, number>; readonly bytes: number } {
  const offsets = new Map<Buffer, number>();
  const takeOver = createTakeOver(lifetimes, shares, offsets);
  const byFirst = [...lifetimes].sort(([, a], [, b]) => a.first - b.first);
  const byLast = [...lifetimes].sort(([, a], [, b]) => a.last - b.last);
  const free = createFreeBlocks();
  let top = 0;
  let dead = 0;
  for (const [buffer, life] of byFirst) {
    for (; dead < byLast.length; dead++) {
      const [old, { last }] = byLast[dead] as [Buffer, Lifetime];
      if (last >= life.first) break;
      if (!takeOver.isTaken(old)) free.release(offsets.get(old) as number, aligned(old.bytes));
    }
    const bytes = aligned(buffer.bytes);
    const offset = takeOver.offsetFor(buffer, life.first) ?? free.take(bytes) ?? top;
    offsets.set(buffer, offset);
    top = Math.max(top, offset + bytes);
  }
  return { offsets, bytes: top };
}

interface TakeOver {
  /** Whether a result lies over the buffer. */
  isTaken(buffer: Buffer): boolean;
  /** Where a result that is first used now may lie: over an operand that is used for the last time. */
  offsetFor(result: Buffer, now: number): number | undefined;
}

function createTakeOver(
  lifetimes: ReadonlyMap<Buffer, Lifetime>,
  shares: readonly Share[],
  offsets: ReadonlyMap<Buffer, number>,
): TakeOver {
  const taken = new Set<Buffer>();
  const byResult = new Map<Buffer, { readonly at: number; readonly dying: Buffer[] }[]>();
  for (const { at, results, operands } of shares) {
    const dying = operands.filter((operand) => lifetimes.get(operand)?.last === at).reverse();
    for (const result of results) byResult.set(result, [...(byResult.get(result) ?? []), { at, dying }]);
  }
  return {
    isTaken: (buffer) => taken.has(buffer),
    offsetFor: (result, now) => {
      for (const { at, dying } of byResult.get(result) ?? []) {
        while (at === now && dying.length > 0) {
          const operand = dying.pop() as Buffer;
          const offset = offsets.get(operand);
          if (offset === undefined || taken.has(operand)) continue;
          taken.add(operand);
          return offset;
        }
      }
      return undefined;
    },
  };
}

/**
 * Room for a buffer, in an odd number of lines where it has some: neighbours of equal size would else be multiples of 4096
 * bytes apart, and a processor that compares the low bits of addresses first takes a load at the same index of one for a
 * load of what was just stored in another. 64 neighbours then have 64 different low bits, and those next to each other
 * differ by at least `leastApart` lines.
 */
function aligned(bytes: number): number {
  const lines = Math.max(1, Math.ceil(bytes / alignment));
  if (lines < fewestLines) return lines * alignment;
  const above = lines % linesApart;
  const room =
    above < leastApart
      ? lines - above + leastApart
      : above > linesApart - leastApart
        ? lines - above + linesApart + leastApart
        : lines;
  return (room + 1 - (room % 2)) * alignment;
}

/** Buffers of fewer lines are as large as they are. */
const fewestLines = 8;
/** Lines at this distance have the same low bits of addresses. */
const linesApart = 4096 / alignment;
/** Odd. */
const leastApart = 5;
