/**
 * Random choices that are a function of a seed.
 */

/** Numbers in 0 … 1. */
export type Draw = () => number;

/** A small generator (mulberry32, T. Ettinger, 2017). */
export function drawsFrom(seed: number): Draw {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 up to, and without, `limit`. */
export function below(draw: Draw, limit: number): number {
  return Math.floor(draw() * limit);
}

/** One of several things. */
export function pick<T>(draw: Draw, list: readonly T[]): T {
  return list[below(draw, list.length)] as T;
}

/** Whether something of this probability happens. */
export function chance(draw: Draw, probability: number): boolean {
  return draw() < probability;
}
