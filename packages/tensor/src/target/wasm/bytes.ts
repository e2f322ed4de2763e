/**
 * A growing array of bytes, with the number encodings of the WebAssembly binary format (LEB128, little-endian floats).
 */
export interface ByteWriter {
  readonly length: () => number;
  byte(value: number): void;
  /** Unsigned LEB128, up to 32 bits. */
  unsigned(value: number): void;
  /** Signed LEB128, up to 32 bits. */
  signed(value: number): void;
  float32(value: number): void;
  float64(value: number): void;
  bytes(values: Uint8Array): void;
  /** A copy of what has been written. */
  finish(): Uint8Array;
}

export function createByteWriter(): ByteWriter {
  let data = new Uint8Array(256);
  let view = new DataView(data.buffer);
  let length = 0;
  const reserve = (count: number): void => {
    if (length + count <= data.length) return;
    const grown = new Uint8Array(Math.max(2 * data.length, length + count));
    grown.set(data);
    data = grown;
    view = new DataView(data.buffer);
  };
  const byte = (value: number): void => {
    reserve(1);
    data[length++] = value;
  };
  const float = (bytes: 4 | 8, value: number): void => {
    reserve(bytes);
    if (bytes === 4) view.setFloat32(length, value, true);
    else view.setFloat64(length, value, true);
    length += bytes;
  };
  return {
    length: () => length,
    byte,
    unsigned: (value) => {
      let rest = value >>> 0;
      for (; rest > 127; rest >>>= 7) byte((rest & 127) | 128);
      byte(rest);
    },
    signed: (value) => {
      let rest = value | 0;
      for (; rest < -64 || rest > 63; rest >>= 7) byte((rest & 127) | 128);
      byte(rest & 127);
    },
    float32: (value) => float(4, value),
    float64: (value) => float(8, value),
    bytes: (values) => {
      reserve(values.length);
      data.set(values, length);
      length += values.length;
    },
    finish: () => data.slice(0, length),
  };
}
