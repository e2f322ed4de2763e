import fc from "fast-check";
import { expect, test } from "vitest";
import { createFreeBlocks } from "./free-blocks.ts";

/** What the arena does with a list of sizes: take or, for every other, give back the oldest block that is held. */
interface Arena {
  take(bytes: number): number | undefined;
  release(offset: number, bytes: number): void;
}

/** The same, plainly: the free bytes as a list of flags. */
function plainArena(): Arena {
  const isFree: boolean[] = [];
  return {
    release: (offset, bytes) => {
      for (let at = offset; at < offset + bytes; at++) isFree[at] = true;
    },
    take: (bytes) => {
      let best: { offset: number; length: number } | undefined;
      for (let at = 0; at < isFree.length; at++) {
        let length = 0;
        while (isFree[at + length] === true) length++;
        if (length >= bytes && (best === undefined || length < best.length)) best = { offset: at, length };
        at += length;
      }
      for (let i = 0; best !== undefined && i < bytes; i++) isFree[best.offset + i] = false;
      return best?.offset;
    },
  };
}

function offsetsOf(arena: Arena, sizes: readonly number[]): number[] {
  const held: [number, number][] = [];
  const offsets: number[] = [];
  let top = 0;
  sizes.forEach((size, i) => {
    const oldest = i % 5 < 2 ? held.splice((7 * i) % Math.max(1, held.length), 1)[0] : undefined;
    if (oldest !== undefined) arena.release(...oldest);
    const offset = arena.take(size) ?? top;
    top = Math.max(top, offset + size);
    held.push([offset, size]);
    offsets.push(offset);
  });
  return offsets;
}

test("best fit, neighbours joined: as on a list of bytes", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 120 }), (sizes) => {
      expect(offsetsOf(createFreeBlocks(), sizes)).toEqual(offsetsOf(plainArena(), sizes));
    }),
  );
});
