/**
 * The free parts of the arena while it is laid out: neighbours join, and the smallest block that is large enough is
 * found (of equal ones that with the least offset), each in logarithmic time.
 */
import { createOrderedSet } from "./ordered-set.ts";

interface Block {
  readonly offset: number;
  readonly bytes: number;
}

export interface FreeBlocks {
  /** Gives a block back. */
  release(offset: number, bytes: number): void;
  /** The offset of a block of these bytes, now taken; undefined if there is none. */
  take(bytes: number): number | undefined;
}

/** No free block. */
export function createFreeBlocks(): FreeBlocks {
  const byStart = new Map<number, Block>();
  const byEnd = new Map<number, Block>();
  const bySize = createOrderedSet<Block>((a, b) => a.bytes - b.bytes || a.offset - b.offset);
  const add = (block: Block): void => {
    byStart.set(block.offset, block);
    byEnd.set(block.offset + block.bytes, block);
    bySize.add(block);
  };
  const remove = (block: Block): void => {
    byStart.delete(block.offset);
    byEnd.delete(block.offset + block.bytes);
    bySize.delete(block);
  };
  return {
    release: (offset, bytes) => {
      const before = byEnd.get(offset);
      const after = byStart.get(offset + bytes);
      if (before !== undefined) remove(before);
      if (after !== undefined) remove(after);
      const start = before?.offset ?? offset;
      const end = after === undefined ? offset + bytes : after.offset + after.bytes;
      add({ offset: start, bytes: end - start });
    },
    take: (bytes) => {
      const best = bySize.first({ offset: 0, bytes });
      if (best === undefined) return undefined;
      remove(best);
      if (best.bytes > bytes) add({ offset: best.offset + bytes, bytes: best.bytes - bytes });
      return best.offset;
    },
  };
}
