/**
 * The layout of a module and the code that a target made of it as bytes, and back.
 *
 * A header in JSON, the arrays of constants, the code. Arrays that the program itself has are named by their number, since
 * whoever reads has traced the program and holds them.
 */
import { allocate, type HostArray } from "../dtype.ts";
import type { Layout, Slot } from "../kernel/kernel.ts";

/** A layout with its code. */
export interface CodedLayout {
  readonly layout: Layout;
  readonly code: Uint8Array;
}

interface Header {
  readonly layout: Omit<Layout, "constants">;
  /** `from`: the number of the program's array, or -1 for one of length `length` that follows. */
  readonly constants: readonly { readonly slot: Slot; readonly from: number; readonly length: number }[];
}

/** Bytes of the number that says how long the header is. */
const headBytes = 4;

/** The bytes of a layout and its code. */
export function layoutToBytes({ layout, code }: CodedLayout, known: readonly HostArray[]): Uint8Array {
  const { constants, ...rest } = layout;
  const numbers = new Map(known.map((array, i) => [array, i]));
  const header: Header = {
    layout: rest,
    constants: constants.map(({ slot, data }) => ({ slot, from: numbers.get(data) ?? -1, length: data.length })),
  };
  const own = constants.filter(({ data }) => !numbers.has(data)).map(({ data }) => bytesOfArray(data));
  const text = new TextEncoder().encode(JSON.stringify(header));
  const size = new Uint8Array(headBytes);
  new DataView(size.buffer).setUint32(0, text.length);
  return join([size, text, ...own, code]);
}

/** The layout and the code of bytes that `layoutToBytes` made on a machine of the same byte order. */
export function layoutFromBytes(bytes: Uint8Array, known: readonly HostArray[]): CodedLayout {
  let at = headBytes + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(headBytes, at))) as Header;
  const constants = header.constants.map(({ slot, from, length }) => {
    if (from >= 0) return { slot, data: known[from] as HostArray };
    const data = allocate(slot.dtype, length);
    bytesOfArray(data).set(bytes.subarray(at, at + data.byteLength));
    at += data.byteLength;
    return { slot, data };
  });
  return { layout: { ...header.layout, constants }, code: bytes.subarray(at) };
}

/** The bytes of an array, not copied. */
export function bytesOfArray({ buffer, byteOffset, byteLength }: HostArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
