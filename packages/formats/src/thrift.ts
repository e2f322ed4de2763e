/**
 * Records of Thrift's compact protocol, in which Parquet writes its footer and the headers of its pages.
 *
 * Nothing is believed: a list has no more elements than there are bytes left, a number has at most ten bytes, records
 * lie at most twenty deep.
 *
 * Source: Apache Thrift, "Thrift Compact protocol encoding".
 */

/** A value: numbers (64-bit ones rounded), bytes, lists, records by field number. */
export type ThriftValue = number | boolean | Uint8Array | readonly ThriftValue[] | ThriftRecord;
/** The fields of a record. */
export type ThriftRecord = ReadonlyMap<number, ThriftValue>;

const deepest = 20;

/** Reads one record after the other. It has identity: it moves. Errors: anything that is no record. */
export class ThriftCursor {
  readonly #bytes: Uint8Array;
  #at: number;

  /** @param at where the first record begins */
  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Where the next record begins. */
  get at(): number {
    return this.#at;
  }

  record(depth: number = 0): ThriftRecord {
    if (depth > deepest) throw new Error("records in records in records");
    const fields = new Map<number, ThriftValue>();
    let field = 0;
    for (let head = this.#byte(); (head & 15) !== 0; head = this.#byte()) {
      field = head >> 4 === 0 ? this.#whole() : field + (head >> 4);
      fields.set(field, this.#value(head & 15, depth));
    }
    return fields;
  }

  #value(type: number, depth: number): ThriftValue {
    switch (type) {
      case 1:
      case 2:
        return type === 1;
      case 3:
        return this.#byte();
      case 4:
      case 5:
      case 6:
        return this.#whole();
      case 7:
        this.#pass(8);
        return Number.NaN;
      case 8:
        return this.#pass(this.#unsigned());
      case 9:
        return this.#list(depth);
      case 12:
        return this.record(depth + 1);
      default:
        throw new Error(`a field of type ${type}`);
    }
  }

  #list(depth: number): readonly ThriftValue[] {
    const head = this.#byte();
    const length = head >> 4 === 15 ? this.#unsigned() : head >> 4;
    if (length > this.#bytes.length - this.#at) throw new Error(`a list of ${length} elements`);
    const type = head & 15;
    // A truth value takes a byte in a list, and none in a record.
    return Array.from({ length }, () => (type <= 2 ? this.#byte() === 1 : this.#value(type, depth)));
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new Error("the end of the file in a record");
    this.#at += 1;
    return byte;
  }

  #pass(length: number): Uint8Array {
    const from = this.#at;
    if (length > this.#bytes.length - from) throw new Error(`a text of ${length} bytes`);
    this.#at = from + length;
    return this.#bytes.subarray(from, this.#at);
  }

  #unsigned(): number {
    let [value, scale] = [0, 1];
    for (let count = 0; count < 10; count++) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw new Error("a number of more than ten bytes");
  }

  /** Zigzag: 0, -1, 1, -2, … */
  #whole(): number {
    const zigzag = this.#unsigned();
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }
}
