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
    ["cut short", (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1), "the bytes of shape"],
    ["of text", () => new TextEncoder().encode("not a model, only words"), "a header within the file"],
    ["with a broken header", (bytes: Uint8Array) => bytes.map((byte, i) => (i === 8 ? 33 : byte)), "a header in JSON"],
  ])("refuses a file %s", (_, damage, message) => {
    expect(() => readSafetensors(damage(writeSafetensors({ tensors, metadata: {} })))).toThrow(message);
  });
});
