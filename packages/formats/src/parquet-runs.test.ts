import { describe, expect, it } from "vitest";
import { checkTexts, walkDeltas, walkRuns } from "./parquet-runs.ts";
import { ThriftCursor } from "./thrift.ts";

describe("runs", () => {
  it("are counted, packed ones and repeated ones", () => {
    // 8 packed bits, of which 5 are 1, then 3 times 1.
    expect(walkRuns(Uint8Array.of(3, 0b1011_0110, 6, 1), 0, 1, 11)).toEqual({ ones: 8, end: 4 });
  });

  it.each([
    ["of two thousand million numbers", [0xfe, 0xff, 0xff, 0xff, 0x0f, 1], "a run of 2147483647 numbers"],
    ["of no numbers, for ever", [0, 1, 0, 1], "a run of 0 numbers"],
    ["that end with the page", [0x80], "the end of a page in a number"],
    ["whose length never ends", Array.from({ length: 20 }, () => 0x80), "a number of more than ten bytes"],
  ])("%s are refused", (_, bytes, message) => {
    expect(() => walkRuns(Uint8Array.from(bytes), 0, 1, 100)).toThrow(message);
  });
});

describe("differences", () => {
  it("are summed", () => {
    // Blocks of 128 in 4 parts, 5 numbers, the first 7; least difference 1, parts of 1, 0, 0 and 0 bits.
    const bytes = Uint8Array.of(128, 1, 4, 5, 14, 2, 1, 0, 0, 0, 0b0101, 0, 0, 0);
    expect([...walkDeltas(bytes, 0, 5).values]).toEqual([7, 9, 10, 12, 13]);
  });

  it("of no parts are refused, and texts longer than what there is of them", () => {
    expect(() => walkDeltas(Uint8Array.of(128, 1, 0, 5, 14), 0, 5)).toThrow("blocks of 128 numbers in 0 parts");
    const shared = Uint8Array.of(128, 1, 4, 1, 200, 1);
    expect(() => checkTexts(Uint8Array.of(...shared, 128, 1, 4, 1, 2), 0, 1, 1000)).toThrow("shares 100 letters of 0");
  });
});

describe("records", () => {
  it("are read by field", () => {
    const fields = new ThriftCursor(Uint8Array.of(0x15, 6, 0x19, 0x25, 2, 4, 0), 0).record();
    expect([...fields]).toEqual([
      [1, 3],
      [2, [1, 2]],
    ]);
  });

  it.each([
    ["lists longer than the file", [0x19, 0xf5, 0xff, 0xff, 0xff, 0x7f, 0], "a list of 268435455 elements"],
    ["records in records", Array.from({ length: 100 }, () => 0x1c), "records in records in records"],
    ["no end", [0x15], "the end of the file in a record"],
  ])("with %s are refused", (_, bytes, message) => {
    expect(() => new ThriftCursor(Uint8Array.from(bytes), 0).record()).toThrow(message);
  });
});
