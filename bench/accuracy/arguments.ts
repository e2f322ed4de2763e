/**
 * Arguments of functions: half of them by random bits, so that sizes from the least subnormal to the largest number come
 * equally often, half of them evenly where the function bends.
 */

/** The element types with a contract of accuracy. */
export type Float = "float32" | "float64";
export type Floats = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** Numbers of one argument: which are allowed, and where half of them lie. */
export interface Domain {
  readonly least: number;
  readonly greatest: number;
  /** Ends of the interval of the second half; it may depend on the type. */
  readonly middle: (dtype: Float) => readonly [number, number];
}

/** A stream of 32 random bits (Mulberry32, T. Ettinger 2017). */
export function randomBits(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** `count` arguments of a domain. */
export function argumentsOf({ least, greatest, middle }: Domain, dtype: Float, count: number, seed: number): Floats {
  const random = randomBits(seed);
  const result = dtype === "float32" ? new Float32Array(count) : new Float64Array(count);
  const words = new Uint32Array(2);
  const anyFloat = dtype === "float32" ? new Float32Array(words.buffer, 0, 1) : new Float64Array(words.buffer);
  const [from, to] = middle(dtype);
  for (let i = 0; i < count; ) {
    words[0] = random();
    words[1] = random();
    const even = from + (to - from) * (((words[1] as number) + (words[0] as number) / 2 ** 32) / 2 ** 32);
    const x = i % 2 === 0 ? (anyFloat[0] as number) : even;
    if (!(x >= least && x <= greatest) || !Number.isFinite(x)) continue;
    result[i] = x;
    i++;
  }
  return result;
}
