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

/** The tensors of a buffer. Errors: a buffer that is not in this format, with what is wrong. */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? Number.NaN : Number(view.getBigUint64(0, true));
  if (!(length <= bytes.length - 8)) throw refusal("a header within the file", `${bytes.length} bytes`);
  const header = parsed(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const { __metadata__: metadata = {}, ...entries } = header;
  const body = bytes.subarray(8 + length);
  const tensors = Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, tensorAt(body, name, entry)]),
  );
  return { tensors, metadata: metadata as Record<string, string> };
}

function tensorAt(body: Uint8Array, name: string, entry: unknown): HostTensor {
  if (typeof entry !== "object" || entry === null) throw refusal(`an entry for ${name}`, JSON.stringify(entry));
  const {
    dtype: code,
    shape,
    data_offsets: offsets,
  } = entry as { dtype: string; shape: number[]; data_offsets: number[] };
  const dtype = (Object.keys(codes) as DType[]).find((key) => codes[key] === code);
  const [from, to] = offsets ?? [];
  if (dtype === undefined) throw refusal(`one of ${Object.values(codes).join(", ")} for ${name}`, String(code));
  const size = Array.isArray(shape) ? shape.reduce((product, extent) => product * extent, 1) : Number.NaN;
  if (
    from === undefined ||
    to === undefined ||
    !(to - from === size * widths[dtype]) ||
    !(from >= 0 && to <= body.length)
  ) {
    throw refusal(
      `the bytes of shape [${String(shape)}] for ${name}`,
      `offsets ${String(offsets)} of ${body.length} bytes`,
    );
  }
  // A copy, so that the numbers are aligned and the file's buffer can be freed; `slice` of a Node Buffer is a view.
  const copy = new Uint8Array(body.subarray(from, to)).buffer;
  const data = {
    float32: () => new Float32Array(copy),
    float64: () => new Float64Array(copy),
    int32: () => new Int32Array(copy),
    uint32: () => new Uint32Array(copy),
    bool: () => new Uint8Array(copy),
  }[dtype]();
  return array(data, shape, dtype);
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw refusal("a header in JSON", JSON.stringify(text.slice(0, 40)));
  }
}

function refusal(expected: string, found: string): TensorError {
  return new TensorError(
    `Cannot read safetensors: expected ${expected}, got ${found}`,
    "The file is damaged or of another format: copy it again, or write it again with fit.",
    "unusable-file",
  );
}
