/**
 * Counter-based random numbers on the host: Threefry-2x32 with 20 rounds.
 *
 * In: a key of two 32-bit words and a counter of two 32-bit words. Out: two 32-bit words that depend on nothing else,
 * so that a seed gives the same data on every machine and in every order of evaluation.
 * `hostRandom(seed)` is the only stateful thing here: a stream that counts up. `fork(label)` starts an independent
 * stream under a derived key, so that adding a consumer does not shift the numbers of the others.
 * Deliberately not done: cryptography, and the tensor program's own generator (same algorithm, other file).
 *
 * Source: Salmon, Moraes, Dror, Shaw, 2011, "Parallel random numbers: as easy as 1, 2, 3", SC'11,
 * doi:10.1145/2063384.2063405; test vectors of the authors' Random123 library (kat_vectors).
 */
import { hostMath } from "../host-math/host-math.ts";

const rotations: readonly (readonly [number, number, number, number])[] = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
];
const parity = 0x1bd11bda;

/** Two unsigned 32-bit words. */
export type WordPair = readonly [number, number];

/**
 * One block of Threefry-2x32-20.
 * @param key two words, each taken modulo 2^32
 * @param counter two words, each taken modulo 2^32
 * @returns two words, 0 .. 2^32 - 1
 */
export function threefry2x32(key: WordPair, counter: WordPair): WordPair {
  const schedule = [key[0] | 0, key[1] | 0, parity ^ key[0] ^ key[1]] as const;
  let x = (counter[0] + schedule[0]) | 0;
  let y = (counter[1] + schedule[1]) | 0;
  for (let group = 0; group < 5; group++) {
    for (const rotation of rotations[group % 2] as readonly number[]) {
      x = (x + y) | 0;
      y = ((y << rotation) | (y >>> (32 - rotation))) ^ x;
    }
    x = (x + (schedule[(group + 1) % 3] as number)) | 0;
    y = (y + (schedule[(group + 2) % 3] as number) + group + 1) | 0;
  }
  return [x >>> 0, y >>> 0];
}

/** A stream of random numbers; equal seeds give equal streams. */
export interface HostRandom {
  /** The next number, uniform on [0, 1) with 53 bits. */
  readonly uniform: () => number;
  /** The next number of the standard normal distribution (Box and Muller, cosine branch). */
  readonly normal: () => number;
  /** An independent stream; equal labels give equal streams, whatever was drawn here before. */
  readonly fork: (label: number) => HostRandom;
  /** How many uniform numbers were drawn; a normal one takes two. */
  readonly drawn: () => number;
  /** Goes on as if so many had been drawn. */
  readonly goOn: (drawn: number) => void;
}

/**
 * A stream of random numbers.
 * @param seed an integer, 0 .. 2^53 - 1
 */
export function hostRandom(seed: number): HostRandom {
  return streamOf([Math.floor(seed / 2 ** 32) >>> 0, seed >>> 0]);
}

function streamOf(key: WordPair): HostRandom {
  let count = 0;
  const uniform = (): number => {
    const [high, low] = threefry2x32(key, [Math.floor(count / 2 ** 32) & 0x7fffffff, count >>> 0]);
    count += 1;
    return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
  };
  const normal = (): number => {
    const radius = Math.sqrt(-2 * hostMath.log(1 - uniform()));
    return radius * hostMath.cos(2 * Math.PI * uniform());
  };
  // The counter's top bit is never set by draws, so that derived keys cannot meet drawn words.
  const fork = (label: number): HostRandom => streamOf(threefry2x32(key, [0x80000000, label >>> 0]));
  const goOn = (drawn: number): void => {
    count = drawn;
  };
  return Object.freeze({ uniform, normal, fork, drawn: () => count, goOn });
}
