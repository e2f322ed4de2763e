import fc from "fast-check";
import { expect, test } from "vitest";
import { createOrderedSet } from "./ordered-set.ts";

test("first at a bound, after insertions and removals in any order, as in a sorted list", () => {
  const change = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 40 }));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 100 }), (changes) => {
      const set = createOrderedSet<number>((a, b) => a - b);
      const plain = new Set<number>();
      for (const [isAdded, item] of changes) {
        if (isAdded) set.add(item);
        else set.delete(item);
        if (isAdded) plain.add(item);
        else plain.delete(item);
        const sorted = [...plain].sort((a, b) => a - b);
        expect(set.first()).toBe(sorted[0]);
        for (const bound of [0, item, item + 1, 50]) expect(set.first(bound)).toBe(sorted.find((n) => n >= bound));
      }
    }),
  );
});

test("a sorted sequence keeps the tree shallow: 100,000 items in and out without deep recursion", () => {
  const set = createOrderedSet<number>((a, b) => a - b);
  for (let i = 0; i < 100_000; i++) set.add(i);
  let inOrder = 0;
  for (let i = 0; i < 100_000; i++) {
    if (set.first() === i) inOrder++;
    set.delete(i);
  }
  expect(inOrder).toBe(100_000);
  expect(set.first()).toBeUndefined();
});
