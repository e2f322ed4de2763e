/**
 * The safetensors format: named tensors and a few strings in one buffer.
 *
 * Layout: 8 bytes length of the header (little endian), the header as JSON `{ name: { dtype, shape, data_offsets } }`
 * with strings under `__metadata__`, then the numbers. Checked when read: lengths, offsets, element types, overlap.
 * Source: github.com/huggingface/safetensors, README, "Format".
 */
import { array, type DType, type HostTensor, TensorError } from "@leastaction/tensor";

/** What a buffer holds. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, HostTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const codes = { float32: "F32", float64: "F64", int32: "I32", uint32: "U32", bool: "BOOL" } as const;
const widths = { float32: 4, float64: 8, int32: 4, uint32: 4, bool: 1 } as const;

/** The bytes of named tensors; the header is padded with blanks to a multiple of 8. */
export function writeSafetensors({ tensors, metadata }: Safetensors): Uint8Array<ArrayBuffer> {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype: codes[dtype], shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const plain = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(plain.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.fill(32, 8, 8 + length);
  bytes.set(plain, 8);
  let at = 8 + length;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** Bytes of a header, as in the format's own reader. */
const longestHeader = 100_000_000;
const mostAxes = 32;

/**
 * The tensors of a buffer.
 *
 * Nothing is allocated for what a header claims before it is held against the buffer: tensors lie in it side by side,
 * without holes and overlap, so that their copies are no larger than the buffer itself.
 * Errors: a buffer that is not in this format, with what is wrong.
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? Number.NaN : Number(view.getBigUint64(0, true));
  if (!(length <= bytes.length - 8)) throw refusal("a header within the file", `${bytes.length} bytes`);
  if (length > longestHeader) throw refusal(`a header of at most ${longestHeader} bytes`, `${length}`);
  const { __metadata__: metadata = {}, ...entries } = parsed(bytes.subarray(8, 8 + length));
  const body = bytes.subarray(8 + length);
  const places = Object.entries(entries).map(([name, entry]) => placeOf(name, entry));
  expectCovered(places, body.length);
  const tensors = places.map((place): readonly [string, HostTensor] => [place.name, tensorAt(body, place)]);
  return { tensors: Object.fromEntries(tensors), metadata: strings(metadata) };
}

/** Where a tensor lies, and what it is. */
interface Place {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

function placeOf(name: string, entry: unknown): Place {
  if (!isRecord(entry)) throw refusal(`an entry for ${shown(name)}`, shown(entry));
  const { dtype: code, shape, data_offsets: offsets } = entry;
  const dtype = (Object.keys(codes) as DType[]).find((key) => codes[key] === code);
  if (dtype === undefined) throw refusal(`one of ${Object.values(codes).join(", ")} for ${shown(name)}`, shown(code));
  if (!areNaturals(shape) || shape.length > mostAxes)
    throw refusal(`a shape of at most ${mostAxes} axes for ${shown(name)}`, shown(shape));
  const [from, to] = areNaturals(offsets) && offsets.length === 2 ? (offsets as readonly [number, number]) : [0, -1];
  // A product beyond the whole numbers of a float is beyond any file too.
  const size = shape.reduce((product, extent) => product * extent, widths[dtype]);
  if (to - from !== size)
    throw refusal(`the bytes of shape ${shown(shape)} for ${shown(name)}`, `offsets ${shown(offsets)}`);
  return { name, dtype, shape, from, to };
}

/** That places fill a body of so many bytes, none twice. A name that stands twice in a header leaves a hole. */
function expectCovered(places: readonly Place[], length: number): void {
  let end = 0;
  for (const { name, from, to } of places.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) throw refusal(`${shown(name)} to begin at byte ${end}`, `${from}`);
    end = to;
  }
  if (end !== length) throw refusal(`${end} bytes of tensors`, `${length}`);
}

function tensorAt(body: Uint8Array, { name, dtype, shape, from, to }: Place): HostTensor {
  // A copy, so that the numbers are aligned and the file's buffer can be freed; `slice` of a Node Buffer is a view.
  const bytes = new Uint8Array(body.subarray(from, to));
  if (dtype === "bool" && bytes.some((byte) => byte > 1))
    throw refusal(`bytes of 0 and 1 for ${shown(name)}`, "others");
  const copy = bytes.buffer;
  const data = {
    float32: () => new Float32Array(copy),
    float64: () => new Float64Array(copy),
    int32: () => new Int32Array(copy),
    uint32: () => new Uint32Array(copy),
    bool: () => new Uint8Array(copy),
  }[dtype]();
  return array(data, shape, dtype);
}

function parsed(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw refusal("a header in JSON", shown(new TextDecoder().decode(bytes.subarray(0, 40))));
  }
  if (!isRecord(header)) throw refusal("a header that is an object", shown(header));
  return header;
}

function strings(metadata: unknown): Readonly<Record<string, string>> {
  if (isRecord(metadata) && Object.values(metadata).every((value) => typeof value === "string"))
    return metadata as Record<string, string>;
  throw refusal("texts in __metadata__", shown(metadata));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areNaturals(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((element) => Number.isSafeInteger(element) && (element as number) >= 0);
}

/** One line of a value, however large or deep it is. */
function shown(value: unknown): string {
  if (areNaturals(value)) return `[${value.slice(0, mostAxes).join(", ")}]`;
  if (typeof value === "object") return value === null ? "null" : Array.isArray(value) ? "a list" : "an object";
  return typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : String(value);
}

function refusal(expected: string, found: string): TensorError {
  return new TensorError(
    `Cannot read safetensors: expected ${expected}, got ${found}`,
    "The file is damaged or of another format: copy it again, or write it again with fit.",
    "unusable-file",
  );
}
