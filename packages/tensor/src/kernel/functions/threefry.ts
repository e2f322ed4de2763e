/**
 * Threefry-2x32 with 20 rounds: a keyed bijection of two words, the counter-based generator behind all randomness.
 *
 * Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011,
 * section 4.2, DOI 10.1145/2063384.2063405; rotation distances of the Random123 library.
 */
import type { Block } from "../block.ts";
import { add, or, shiftLeft, shiftRight, xor } from "../build.ts";
import type { Expression } from "../kernel.ts";

const rotations = [13, 15, 26, 6, 17, 29, 16, 24];
const parity = 0x1bd11bda;

/** Key (k0, k1) and counter (x0, x1) to two words; all uint32. */
export function threefry2x32(
  block: Block,
  k0: Expression,
  k1: Expression,
  x0: Expression,
  x1: Expression,
): [Expression, Expression] {
  const keys = [k0, k1, block.name("k2", xor(xor(k0, k1), parity))] as const;
  let left = block.name("left", add(x0, k0));
  let right = block.name("right", add(x1, k1));
  for (let round = 0; round < 20; round++) {
    left = block.name("left", add(left, right));
    right = block.name("right", xor(rotate(right, rotations[round % 8] as number), left));
    if (round % 4 !== 3) continue;
    const turn = (round + 1) / 4;
    left = block.name("left", add(left, keys[turn % 3] as Expression));
    right = block.name("right", add(add(right, keys[(turn + 1) % 3] as Expression), turn));
  }
  return [left, right];
}

function rotate(x: Expression, by: number): Expression {
  return or(shiftLeft(x, by), shiftRight(x, 32 - by));
}
