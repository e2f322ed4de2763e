/**
 * What the counts inside a page of a Parquet file claim, checked against the page before it is decoded: the library
 * that decodes it writes as many elements as they say.
 *
 * Source: Apache Parquet, "Parquet encoding definitions", encodings 0, 3, 5, 6, 7 and 9.
 */

/** Bytes of a page, without what stands before and after them. */
export type PageBytes = Uint8Array;

/** Writers may fill a last run of packed numbers up to a whole block. */
const padding = 512;

/**
 * Walks over runs of numbers of a few bits (RLE and bit-packed).
 * @param width bits of a number
 * @param count how many numbers are wanted
 * @returns how many of them are 1, told for numbers of one bit only, and where the runs end
 */
export function walkRuns(bytes: PageBytes, from: number, width: number, count: number): { ones: number; end: number } {
  if (width > 32) throw new Error(`numbers of ${width} bits`);
  let [at, seen, ones] = [from, 0, 0];
  while (seen < count) {
    const head = unsignedAt(bytes, at);
    at = head.end;
    const isPacked = head.value % 2 === 1;
    const length = Math.floor(head.value / 2) * (isPacked ? 8 : 1);
    if (length === 0 || length > count - seen + (isPacked ? padding : 0)) throw new Error(`a run of ${length} numbers`);
    if (width === 1) ones += onesOf(bytes, at, isPacked, Math.min(length, count - seen));
    seen += length;
    at += isPacked ? (length / 8) * width : Math.ceil(width / 8);
  }
  return { ones, end: at };
}

function onesOf(bytes: PageBytes, at: number, isPacked: boolean, count: number): number {
  if (!isPacked) return bytes[at] === 1 ? count : 0;
  let ones = 0;
  for (let index = 0; index < count; index++) ones += ((bytes[at + (index >> 3)] ?? 0) >> (index & 7)) & 1;
  return ones;
}

/**
 * The differences of whole numbers, summed (DELTA_BINARY_PACKED), as 32-bit numbers.
 * @param count how many of them are wanted
 */
export function walkDeltas(bytes: PageBytes, from: number, count: number): { values: Int32Array; end: number } {
  const block = unsignedAt(bytes, from);
  const parts = unsignedAt(bytes, block.end);
  const total = unsignedAt(bytes, parts.end);
  if (parts.value < 1 || parts.value > 1024 || block.value > 2 ** 20 || block.value % (32 * parts.value) !== 0) {
    throw new Error(`blocks of ${block.value} numbers in ${parts.value} parts`);
  }
  const first = unsignedAt(bytes, total.end);
  const values = new Int32Array(count);
  let [at, seen, value] = [first.end, 0, signed(first.value)];
  if (count > 0) values[seen++] = value;
  while (seen < count) {
    const least = unsignedAt(bytes, at);
    const widths = bytes.subarray(least.end, least.end + parts.value);
    at = least.end + parts.value;
    for (const width of widths) {
      if (seen >= count) break;
      const length = block.value / parts.value;
      for (let index = 0; index < length && seen < count; index++) {
        value += signed(least.value) + bitsAt(bytes, at, index * width, width);
        values[seen++] = value;
      }
      at += (length * width) / 8;
      if (at > bytes.length) throw new Error("the end of a page in its numbers");
    }
  }
  return { values, end: at };
}

/** Texts that share their beginnings (DELTA_BYTE_ARRAY): none is longer than what there is of it. */
export function checkTexts(bytes: PageBytes, from: number, count: number, longest: number): void {
  const prefixes = walkDeltas(bytes, from, count);
  const suffixes = walkDeltas(bytes, prefixes.end, count);
  let [length, total] = [0, 0];
  for (let index = 0; index < count; index++) {
    const [shared, own] = [prefixes.values[index] as number, suffixes.values[index] as number];
    if (shared < 0 || own < 0 || shared > length) throw new Error(`a text that shares ${shared} letters of ${length}`);
    length = shared + own;
    total += length;
    if (total > longest) throw new Error(`texts of more than ${longest} letters`);
  }
}

/** A number of seven bits a byte, at most ten bytes. */
function unsignedAt(bytes: PageBytes, from: number): { value: number; end: number } {
  let [value, scale] = [0, 1];
  for (let at = from; at < from + 10; at++) {
    const byte = bytes[at];
    if (byte === undefined) throw new Error("the end of a page in a number");
    value += (byte & 127) * scale;
    if (byte < 128) return { value, end: at + 1 };
    scale *= 128;
  }
  throw new Error("a number of more than ten bytes");
}

function signed(zigzag: number): number {
  return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
}

function bitsAt(bytes: PageBytes, from: number, first: number, width: number): number {
  let value = 0;
  for (let bit = 0; bit < width; bit++) {
    const place = first + bit;
    value += (((bytes[from + (place >> 3)] ?? 0) >> (place & 7)) & 1) * 2 ** bit;
  }
  return value;
}
