import { array } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

const tensors = {
  weight: array(Float64Array.of(1, -2.5, 3, 4, 5, 6), [2, 3]),
  bias: array(Float32Array.of(0.5, Number.POSITIVE_INFINITY), [2]),
  steps: array(Int32Array.of(-7), []),
};

describe("safetensors", () => {
  it("reads what it wrote, to the bit", () => {
    const { tensors: back, metadata } = readSafetensors(writeSafetensors({ tensors, metadata: { note: "größer" } }));
    expect(back).toEqual(tensors);
    expect(metadata).toEqual({ note: "größer" });
  });

  it("lays the header out as the format says", () => {
    const bytes = writeSafetensors({ tensors: { a: array(Float64Array.of(1)) }, metadata: {} });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, unknown>;
    expect(header.a).toEqual({ dtype: "F64", shape: [1], data_offsets: [0, 8] });
    expect(bytes.length).toBe(8 + length + 8);
  });

  it("reads from a view that is not aligned", () => {
    const bytes = writeSafetensors({ tensors, metadata: {} });
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(readSafetensors(shifted.subarray(3)).tensors).toEqual(tensors);
  });

  it("copies what a view whose slices are views gives", () => {
    class View extends Uint8Array {
      override slice(from?: number, to?: number): Uint8Array<ArrayBuffer> {
        return this.subarray(from, to) as Uint8Array<ArrayBuffer>;
      }
    }
    expect(readSafetensors(new View(writeSafetensors({ tensors, metadata: {} }))).tensors).toEqual(tensors);
  });

  it.each([
    ["cut short", (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1), "expected 60 bytes of tensors, got 59"],
    ["of text", () => new TextEncoder().encode("not a model, only words"), "a header within the file"],
    ["with a broken header", (bytes: Uint8Array) => bytes.map((byte, i) => (i === 8 ? 33 : byte)), "a header in JSON"],
  ])("refuses a file %s", (_, damage, message) => {
    expect(() => readSafetensors(damage(writeSafetensors({ tensors, metadata: {} })))).toThrow(message);
  });

  const file = (header: unknown, body = 8): Uint8Array => {
    const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
    const bytes = new Uint8Array(8 + text.length + body);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(text, 8);
    return bytes;
  };
  const one = { dtype: "F64", shape: [1], data_offsets: [0, 8] };

  it.each<[string, unknown, string]>([
    ["a list", [1.5], "a header that is an object, got a list"],
    ["an entry that is none", { a: 1 }, 'an entry for "a", got 1'],
    ["another type", { a: { ...one, dtype: "F8" } }, 'one of F32, F64, I32, U32, BOOL for "a", got "F8"'],
    ["a negative extent", { a: { ...one, shape: [-1] } }, 'a shape of at most 32 axes for "a", got a list'],
    ["a shape that is none", { a: { ...one, shape: "[1]" } }, "a shape of at most 32 axes"],
    [
      "more than there is",
      { a: { ...one, shape: [2 ** 40], data_offsets: [0, 2 ** 43] } },
      "8796093022208 bytes of tensors, got 8",
    ],
    ["a size beyond numbers", { a: { ...one, shape: [2 ** 40, 2 ** 40], data_offsets: [0, 8] } }, "the bytes of shape"],
    ["offsets that turn back", { a: { ...one, shape: [0], data_offsets: [8, 0] } }, "the bytes of shape"],
    ["parts of bytes", { a: { ...one, data_offsets: [0.5, 8.5] } }, "the bytes of shape"],
    ["overlap", { a: one, b: one }, '"b" to begin at byte 8, got 0'],
    [
      "a name twice",
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
      '"a" to begin at byte 0, got 4',
    ],
    ["a hole", { a: { dtype: "F32", shape: [1], data_offsets: [4, 8] } }, '"a" to begin at byte 0, got 4'],
    ["bools of other numbers", { a: { dtype: "BOOL", shape: [1], data_offsets: [0, 1] } }, "1 bytes of tensors, got 8"],
    ["metadata of numbers", { a: one, __metadata__: { step: 3 } }, "texts in __metadata__, got an object"],
  ])("refuses %s in the header", (_, header, message) => {
    expect(() => readSafetensors(file(header))).toThrow(`Cannot read safetensors: expected ${message}`);
  });

  it("keeps names that objects have of their own", () => {
    const { tensors: read } = readSafetensors(file(`{"__proto__":${JSON.stringify(one)}}`));
    expect(Object.keys(read)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it("refuses a bool that is neither 0 nor 1", () => {
    const bytes = file({ a: { dtype: "BOOL", shape: [1], data_offsets: [0, 1] } }, 1);
    bytes[bytes.length - 1] = 2;
    expect(() => readSafetensors(bytes)).toThrow('expected bytes of 0 and 1 for "a", got others');
  });
});
