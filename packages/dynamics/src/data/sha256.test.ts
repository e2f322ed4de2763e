import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sha256 } from "./sha256.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("sha256", () => {
  it("gives the published vectors of FIPS 180-4", () => {
    expect(sha256([])).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(sha256([bytesOf("abc")])).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256([bytesOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")])).toBe(
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    );
    expect(sha256([new Uint8Array(1_000_000).fill(0x61)])).toBe(
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    );
  });

  it("agrees with an independent implementation at every length round the block", () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + length) & 255);
      expect(sha256([bytes])).toBe(createHash("sha256").update(bytes).digest("hex"));
    }
  });

  it("reads only its own part of a shared buffer", () => {
    const shared = new Uint8Array(100).fill(7);
    shared.set(bytesOf("abc"), 40);
    expect(sha256([shared.subarray(40, 43)])).toBe(sha256([bytesOf("abc")]));
  });

  it("does not depend on where the bytes are cut", () => {
    const bytes = Uint8Array.from({ length: 400 }, (_, index) => (index * 37) & 255);
    const wanted = createHash("sha256").update(bytes).digest("hex");
    for (let length = 1; length < 150; length++) {
      const starts = Array.from({ length: Math.ceil(400 / length) }, (_, index) => index * length);
      const pieces = starts.map((from) => bytes.subarray(from, from + length));
      expect(sha256([new Uint8Array(0), ...pieces]), `pieces of ${length}`).toBe(wanted);
    }
  });
});
