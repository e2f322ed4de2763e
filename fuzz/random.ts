/** Random numbers that are a function of a seed and an index, so that any single mutation can be made again alone. */

/** A stream of random numbers (mulberry32, T. Ettinger, 2017). */
export class Random {
  #state: number;

  /**
   * @param seed whole number
   * @param index whole number; streams of different indices have nothing in common
   */
  constructor(seed: number, index: number) {
    this.#state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) | 0;
    for (let turn = 0; turn < 3; turn++) this.#next();
  }

  /** A whole number from 0 up to, and without, `limit`; 0 for a limit below 1. */
  below(limit: number): number {
    return Math.floor((this.#next() / 2 ** 32) * Math.max(1, limit));
  }

  /** One of several things. */
  pick<Thing>(things: readonly Thing[]): Thing {
    return things[this.below(things.length)] as Thing;
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}
