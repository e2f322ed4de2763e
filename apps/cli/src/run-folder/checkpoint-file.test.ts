import { array } from "@leastaction/tensor";
import { describe, expect, test } from "vitest";
import { type Checkpoint, checkpointBytes, checkpointOf } from "./checkpoint-file.ts";

const checkpoint: Checkpoint = {
  state: {
    facts: { stage: 2, names: ["größer", null], done: false },
    tensors: { weight: array(Float64Array.of(1, Number.NaN, -0), [3]), step: array(Int32Array.of(7), []) },
  },
  steps: 120,
  metrics: 4711,
};

describe("a checkpoint", () => {
  test("is read as it was written, to the bit", () => {
    expect(checkpointOf(checkpointBytes(checkpoint), "c")).toEqual(checkpoint);
  });

  test("is refused with any of its bytes changed", () => {
    const bytes = checkpointBytes(checkpoint);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] as number) ^ 4;
      expect(() => checkpointOf(damaged, "c")).toThrow(/^Cannot go on from c: expected a checkpoint/);
    }
  });

  test("is refused cut short anywhere, or with more behind it", () => {
    const bytes = checkpointBytes(checkpoint);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => checkpointOf(bytes.subarray(0, length), "c")).toThrow(/^Cannot go on from c/);
    }
    expect(() => checkpointOf(Uint8Array.of(...bytes, 0), "c")).toThrow("a damaged file: its checksum is another");
  });

  test("of nothing but zeros, as a power failure leaves it, is refused", () => {
    expect(() => checkpointOf(new Uint8Array(1000), "c")).toThrow("got a file of another kind");
  });

  test.each([{ steps: -1 }, { metrics: 1.5 }])("with %o is refused, whatever its checksum", (wrong) => {
    expect(() => checkpointOf(checkpointBytes({ ...checkpoint, ...wrong }), "c")).toThrow("got one without its facts");
  });

  test("cannot hold tensors whose names are numbers, which JSON would put before the checksum", () => {
    const tensors = { 7: array(Float64Array.of(1)) };
    expect(() => checkpointBytes({ ...checkpoint, state: { facts: {}, tensors } })).toThrow("names that are numbers");
  });
});
