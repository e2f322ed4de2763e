/**
 * The random streams of the workloads, the same in every language.
 *
 * Number i (from 0) of stream s is u = (lowbias32((s * 0x9E3779B9 + i) mod 2^32) + 0.5) / 2^32, in (0, 1), float64.
 * lowbias32: Chris Wellons, "Prospecting for hash functions", 2018.
 */

/** Number `i` of stream `stream`, uniform in (0, 1). */
export function uniform(stream: number, i: number): number {
  return (lowbias32((Math.imul(stream, 0x9e3779b9) + i) >>> 0) + 0.5) / 2 ** 32;
}

/** Normal number `i` of stream `stream`: Box and Muller on the uniform numbers 2i and 2i + 1. */
export function normal(stream: number, i: number): number {
  const radius = Math.sqrt(-2 * Math.log(uniform(stream, 2 * i)));
  return radius * Math.cos(2 * Math.PI * uniform(stream, 2 * i + 1));
}

/** Takes start parameters from stream 0, one after another. */
export interface StartWeights {
  /** The next `count` numbers, U(-1/sqrt(inputs), 1/sqrt(inputs)). */
  take(inputs: number, count: number): number[];
}

/** A fresh source of start parameters, at number 0; of another stream than 0 they are other parameters. */
export function startWeights(stream = 0): StartWeights {
  let next = 0;
  return {
    take: (inputs, count) => Array.from({ length: count }, () => (2 * uniform(stream, next++) - 1) / Math.sqrt(inputs)),
  };
}

function lowbias32(x: number): number {
  let y = x ^ (x >>> 16);
  y = Math.imul(y, 0x7feb352d);
  y ^= y >>> 15;
  y = Math.imul(y, 0x846ca68b);
  return (y ^ (y >>> 16)) >>> 0;
}
