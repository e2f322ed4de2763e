/**
 * SHA-256 of bytes, in plain TypeScript, so that data and runs are named alike in Node and in the browser.
 *
 * In: bytes, in pieces. Out: 64 lower-case hexadecimal digits. Synchronous: the platform's own digest is asynchronous in
 * browsers.
 * Deliberately not done: secrecy; it names data.
 *
 * Source: NIST, FIPS 180-4, 2015, "Secure Hash Standard", sections 4.1.2, 5.1.1, 6.2, doi:10.6028/NIST.FIPS.180-4.
 */

const primes = firstPrimes(64);
const roundConstants = Int32Array.from(primes, (prime) => fractionBits(Math.cbrt(prime)));
const initialState = Int32Array.from(primes.slice(0, 8), (prime) => fractionBits(Math.sqrt(prime)));

const blockBytes = 64;

/**
 * SHA-256 as 64 hexadecimal digits.
 * @param pieces bytes, one piece after the other; each is read before the next one is asked for, so that all of them may
 * be the same memory
 */
export function sha256(pieces: Iterable<Uint8Array>): string {
  const state = initialState.slice();
  const schedule = new Int32Array(64);
  // The end of a piece that fills no block waits here for the next piece.
  const block = new Uint8Array(blockBytes);
  const blockView = new DataView(block.buffer);
  let [waiting, length] = [0, 0];
  for (const piece of pieces) {
    length += piece.length;
    let from = 0;
    if (waiting > 0) {
      from = Math.min(piece.length, blockBytes - waiting);
      block.set(piece.subarray(0, from), waiting);
      waiting += from;
      if (waiting < blockBytes) continue;
      absorb(state, schedule, blockView, 0);
    }
    const view = new DataView(piece.buffer, piece.byteOffset, piece.length);
    for (; from + blockBytes <= piece.length; from += blockBytes) absorb(state, schedule, view, from);
    block.set(piece.subarray(from));
    waiting = piece.length - from;
  }
  const tail = paddedTail(block.subarray(0, waiting), length);
  for (let offset = 0; offset < tail.byteLength; offset += blockBytes) absorb(state, schedule, tail, offset);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

/** What is left of `length` bytes, with a bit, zeros and the length behind it. */
function paddedTail(rest: Uint8Array, length: number): DataView {
  const tail = new Uint8Array(rest.length < 56 ? 64 : 128);
  tail.set(rest);
  tail[rest.length] = 0x80;
  const view = new DataView(tail.buffer);
  view.setUint32(tail.length - 8, Math.floor(length / 2 ** 29));
  view.setUint32(tail.length - 4, (length * 8) >>> 0);
  return view;
}

function absorb(state: Int32Array, schedule: Int32Array, view: DataView, offset: number): void {
  expand(schedule, view, offset);
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let round = 0; round < 64; round++) {
    const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    // Choice and majority of the standard, with one operation less each.
    const choice = g ^ (e & (f ^ g));
    const first = (h + sum1 + choice + (roundConstants[round] as number) + (schedule[round] as number)) | 0;
    const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) | (c & (a | b));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + sum0 + majority) | 0;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
  state[5] = (state[5] as number) + f;
  state[6] = (state[6] as number) + g;
  state[7] = (state[7] as number) + h;
}

function expand(schedule: Int32Array, view: DataView, offset: number): void {
  for (let index = 0; index < 16; index++) schedule[index] = view.getInt32(offset + 4 * index);
  for (let index = 16; index < 64; index++) {
    const early = schedule[index - 15] as number;
    const late = schedule[index - 2] as number;
    const sigma0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const sigma1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    schedule[index] = (schedule[index - 16] as number) + sigma0 + (schedule[index - 7] as number) + sigma1;
  }
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits of the fraction: the standard defines its constants so; 52 bits of the root are enough for them. */
function fractionBits(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
}

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}
