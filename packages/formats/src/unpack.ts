/**
 * Compressed bytes, unpacked in pieces, so that what a file unpacks to is known before it is held.
 *
 * The limit is 256 MB, or ten times the file where that is more. Ten times alone would refuse honest files: a column that
 * never changes shrinks a thousandfold. 256 MB is what a text that is not compressed may hold to be read whole, so it is
 * what every machine that can use the data has; a file made to fill the memory is stopped there. Whoever trusts a
 * larger one unpacks it first.
 */

import { DataError } from "@leastaction/dynamics";
import type { Gunzip, Unzlib } from "fflate";

/** No deflate stream grows more (RFC 1951: 258 bytes from two bits, less the headers). */
export const largestExpansion = 1032;

const readWhole = 256e6;

/** Bytes that a file of so many may unpack to. */
export function largestUnpacked(packed: number): number {
  return Math.max(readWhole, 10 * packed);
}

/** What a file claims to hold, or holds, is more than `largestUnpacked`. */
export function tooLarge(file: string, found: string, remedy: string): DataError {
  return new DataError({
    code: "too-large",
    file,
    expected: "at most 256 MB, or ten times the file, when it is unpacked",
    found,
    remedy,
  });
}

/** So little that what it unpacks to at once (17 MB at most) needs no check. */
const pieceBytes = 1 << 14;

/**
 * Unpacks a stream. Errors: those of fflate, where the stream is damaged.
 * @param take takes the pieces; false ends the work
 */
export function unpack(stream: Gunzip | Unzlib, packed: Uint8Array, take: (piece: Uint8Array) => boolean): void {
  let isWanted = true;
  stream.ondata = (piece) => {
    isWanted &&= take(piece);
  };
  for (let from = 0; from < packed.length && isWanted; from += pieceBytes) {
    stream.push(packed.subarray(from, from + pieceBytes), from + pieceBytes >= packed.length);
  }
}
