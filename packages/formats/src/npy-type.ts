/**
 * The element types of NumPy arrays, read from bytes: integers, floats of 2, 4 and 8 bytes, booleans, words, times.
 * Source: NumPy reference, "The array interface protocol" (typestr) and "Datetime units".
 */

/** How one element is read. */
export interface NpyType {
  /** Bytes of one element. */
  readonly size: number;
  /** Reads the element at a byte offset; null where the type is neither number nor word. */
  readonly read: ((view: DataView, offset: number) => number | string) | null;
  /** For typed arrays in the machine's own order: `f8`, `i4`; null for all else. */
  readonly direct: string | null;
  /** What it is, in words, where it cannot be read. */
  readonly what: string;
  readonly unit?: string;
  /** For times of the calendar: whole ticks, turned into seconds after the first one. */
  readonly ticks?: { readonly read: (view: DataView, offset: number) => bigint; readonly seconds: number };
}

type Reader = (view: DataView, offset: number, little: boolean) => number;

const readers: Readonly<Record<string, Reader>> = {
  b1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  u2: (view, at, little) => view.getUint16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  f2: (view, at, little) => halfFloat(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

const secondsOf: Readonly<Record<string, number>> = {
  W: 604_800,
  D: 86_400,
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  ns: 1e-9,
  ps: 1e-12,
  fs: 1e-15,
  as: 1e-18,
};

const unreadable: Readonly<Record<string, string>> = {
  c: "complex numbers",
  O: "Python objects",
  V: "raw bytes",
  f: "long floats",
};

/** The type that a code such as `<f8` names; null where it names none. */
export function npyType(code: string): NpyType | null {
  const match = /^([<>|=]?)([a-zA-Z?])(\d*)(?:\[(\d*)(\w+)\])?$/.exec(code);
  if (match === null) return null;
  const [, mark, letter = "", digits, multiple, tick] = match;
  const little = mark !== ">";
  const size = Number(digits || (letter === "O" ? 8 : 1));
  if (letter === "S" || letter === "a") return { ...plain(size), read: (view, at) => latinWord(view, at, size) };
  if (letter === "U") return { ...plain(4 * size), read: (view, at) => wideWord(view, at, size, little) };
  if (letter === "M" || letter === "m") return timeType(letter, Number(multiple || 1), tick, little);
  const key = letter === "?" ? "b1" : `${letter}${size}`;
  const reader = readers[key];
  if (reader === undefined) return letter in unreadable ? { ...plain(size), what: unreadable[letter] as string } : null;
  return { ...plain(size), read: (view, at) => reader(view, at, little), direct: little ? key : null };
}

function plain(size: number): NpyType {
  return { size, read: null, direct: null, what: "" };
}

function timeType(letter: string, multiple: number, tick: string | undefined, little: boolean): NpyType {
  const second = secondsOf[tick ?? ""];
  if (second === undefined) return { ...plain(8), what: `times in ${tick ?? "no unit"}` };
  const seconds = multiple * second;
  const read = (view: DataView, at: number): bigint => view.getBigInt64(at, little);
  if (letter === "M") return { ...plain(8), unit: "s", ticks: { read, seconds } };
  return { ...plain(8), unit: "s", read: (view, at) => secondsAfter(read(view, at), 0n, seconds) };
}

/** No time is the smallest whole number. */
const noTime = -(2n ** 63n);

/** Seconds between two counts of ticks; NaN for no time. */
export function secondsAfter(ticks: bigint, first: bigint, seconds: number): number {
  if (ticks === noTime) return Number.NaN;
  const between = Number(ticks - first);
  return seconds < 1 ? between / Math.round(1 / seconds) : between * seconds;
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function latinWord(view: DataView, offset: number, size: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, size);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
}

function wideWord(view: DataView, offset: number, length: number, little: boolean): string {
  let word = "";
  for (let index = 0; index < length; index++) {
    const code = view.getUint32(offset + 4 * index, little);
    if (code === 0) break;
    word += code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  }
  return word;
}
