/**
 * Good files, damaged: what a reader must survive.
 *
 * In: a few small good files and a seed. Out: for every index one damaged file, always the same one. Each is a good file
 * with one to four changes: bits and bytes, runs filled, taken away and doubled, an end cut off, the head of one file
 * before the tail of another, fields of lengths set to extremes, numbers in texts replaced by huge, negative and
 * senseless ones. Places near the start and the end are preferred: headers and directories stand there.
 */
import { Random } from "./random.ts";

type Change = (bytes: Uint8Array, random: Random, files: readonly Uint8Array[]) => Uint8Array;

/**
 * Damaged files.
 * @param files good ones, at least one
 * @param seed whole number
 * @returns the damaged file of an index; it shares no memory with the good ones
 */
export function mutations(files: readonly Uint8Array[], seed: number): (index: number) => Uint8Array {
  return (index) => {
    const random = new Random(seed, index);
    let bytes: Uint8Array = random.pick(files).slice();
    const count = 1 + random.below(random.below(5));
    for (let turn = 0; turn < count; turn++) bytes = random.pick(changes)(bytes, random, files);
    return bytes;
  };
}

const flipBits: Change = (bytes, random) => {
  for (let turn = 0; turn <= random.below(8) && bytes.length > 0; turn++) {
    const at = placeIn(bytes, random);
    bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
  }
  return bytes;
};

const setBytes: Change = (bytes, random) => {
  for (let turn = 0; turn <= random.below(4) && bytes.length > 0; turn++) {
    bytes[placeIn(bytes, random)] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.below(256), random.below(256)]);
  }
  return bytes;
};

const fillRun: Change = (bytes, random) => {
  const from = placeIn(bytes, random);
  const value = random.pick([0, 0x20, 0xff, random.below(256)]);
  return bytes.fill(value, from, from + 1 + random.below(64));
};

const cutEnd: Change = (bytes, random) => bytes.slice(0, placeIn(bytes, random));

const removeRun: Change = (bytes, random) => {
  const from = placeIn(bytes, random);
  return joined(bytes.subarray(0, from), bytes.subarray(from + 1 + random.below(256)));
};

const doubleRun: Change = (bytes, random) => {
  const from = placeIn(bytes, random);
  const to = from + 1 + random.below(256);
  return joined(bytes.subarray(0, to), bytes.subarray(from));
};

const splice: Change = (bytes, random, files) => {
  const other = random.pick(files);
  return joined(bytes.subarray(0, placeIn(bytes, random)), other.subarray(placeIn(other, random)));
};

const extremes: readonly bigint[] = [0n, 1n, -1n, -2n, 255n, 65_535n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n].concat(
  [2n ** 33n, 2n ** 53n, 2n ** 62n, 2n ** 63n - 1n, -(2n ** 63n), 10_000_000n, 1_000_000_000n],
);

/** A whole number of 1, 2, 4 or 8 bytes, mostly where one could stand. */
const setField: Change = (bytes, random) => {
  const size = random.pick([1, 2, 4, 4, 8, 8]);
  if (bytes.length < size) return bytes;
  const place = Math.min(placeIn(bytes, random), bytes.length - size);
  const at = random.below(4) === 0 ? place : place - (place % size);
  const number = new DataView(new ArrayBuffer(8));
  const isLittle = random.below(4) > 0;
  number.setBigInt64(0, random.pick(extremes), isLittle);
  bytes.set(new Uint8Array(number.buffer, isLittle ? 0 : 8 - size, size), at);
  return bytes;
};

const senseless =
  "-1 0 1e400 -0 NaN Infinity null 99999999999 18446744073709551616 -9223372036854775808 1e-400 0x10 4294967296 2147483648";

/** A number in digits replaced by another one: the next after a place. */
const setNumber: Change = (bytes, random) => {
  const isDigit = (at: number): boolean => (bytes[at] as number) >= 48 && (bytes[at] as number) <= 57;
  let from = placeIn(bytes, random);
  while (from < bytes.length && !isDigit(from)) from += 1;
  let to = from;
  while (to < bytes.length && isDigit(to)) to += 1;
  if (from === to) return bytes;
  const text = new TextEncoder().encode(random.pick(senseless.split(" ")));
  return joined(bytes.subarray(0, from), text, bytes.subarray(to));
};

const changes: readonly Change[] = [
  flipBits,
  setBytes,
  setBytes,
  fillRun,
  cutEnd,
  removeRun,
  doubleRun,
  splice,
  setField,
  setField,
  setField,
  setNumber,
  setNumber,
];

/** A place in a file: near its start, near its end, or anywhere. */
function placeIn({ length }: Uint8Array, random: Random): number {
  const near = Math.min(length, 16 << random.below(7));
  return (
    random.pick([random.below(near), random.below(near), length - 1 - random.below(near), random.below(length)]) | 0
  );
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
