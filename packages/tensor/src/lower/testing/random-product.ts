/**
 * Random products for tests: any layouts, extents about the widths of vectors and blocks, anything that may follow.
 */
import type { TargetTraits } from "../../kernel/kernel.ts";
import type { Follow, ProductCase } from "./product-nests.ts";
import type { Draw } from "./random-program.ts";

/** The letters in any order. */
const layouts = (letters: string, draw: Draw): string => {
  const rest = letters.split("");
  return Array.from({ length: letters.length }, () => rest.splice(Math.floor(draw() * rest.length), 1)[0]).join("");
};

/** Extents about the widths of vectors and blocks; sometimes a batch, a second contracted axis, a long sum. */
export function randomProduct(draw: Draw, traits: TargetTraits): ProductCase {
  const upTo = (most: number, least = 1): number => least + Math.floor(draw() * (most - least + 1));
  const isLong = draw() < 0.15;
  const [hasBatch, hasTwo] = [draw() < 0.2, draw() < 0.2];
  const extents = {
    ...(hasBatch ? { b: upTo(3, 2) } : {}),
    m: upTo(isLong ? 4 : 28, 2),
    n: upTo(isLong ? 24 : traits.vectorBytes * 1.25, traits.vectorBytes / 4),
    k: isLong ? upTo(1300, 500) : upTo(12),
    ...(hasTwo ? { l: upTo(3, 2) } : {}),
  };
  const [b, l] = [hasBatch ? "b" : "", hasTwo ? "l" : ""];
  return {
    dtype: draw() < 0.5 ? "float32" : "float64",
    extents,
    left: layouts(`${b}mk${l}`, draw),
    right: layouts(`${b}kn${l}`, draw),
    result: layouts(`${b}mn`, draw),
    follow: (["store", "accumulate", "bias", "activation", "update", "mask"] as const)[
      Math.floor(draw() * 6)
    ] as Follow,
  };
}
