/**
 * The curves of the scale check: one extent grows, the others stay.
 */
import type { Size } from "./models.ts";

/** Sizes along one extent, smallest first. */
export interface Curve {
  readonly extent: keyof Size;
  readonly sizes: readonly Size[];
}

/**
 * Every curve. The last three sizes own more than the caches hold, but on `batch` and, as machine code, on `steps`: there a
 * step works through tiles of samples, or makes its tape in segments, and owns little more than its parameters.
 */
export const curves: readonly Curve[] = [
  grow("batch", [16, 64, 256, 1024, 4096, 16384, 65536], { batch: 0, width: 128, depth: 2, steps: 0 }),
  grow("width", [16, 32, 64, 128, 256, 512, 1024, 1448, 2048, 2896], { batch: 1024, width: 0, depth: 2, steps: 0 }),
  grow("depth", [1, 2, 4, 8, 12, 16, 24, 32, 48], { batch: 1024, width: 512, depth: 0, steps: 0 }),
  grow("steps", [10, 30, 100, 300, 1000, 3000, 6000, 12000, 24000], { batch: 64, width: 32, depth: 1, steps: 0 }),
];

function grow(extent: keyof Size, values: readonly number[], others: Size): Curve {
  return { extent, sizes: values.map((value) => ({ ...others, [extent]: value })) };
}
