/**
 * What runs where, with and without a compiler; the fallback is told and never fails.
 */
import { wasm } from "@leastaction/tensor";
import { describe, expect, test } from "vitest";
import { chooseTarget } from "./choose-target.ts";

type NativePackage = Pick<typeof import("@leastaction/native"), "fileStore" | "native" | "nativeAvailable">;

const works: NativePackage = {
  fileStore: () => ({ read: () => undefined, write: () => undefined }),
  native: () => ({ ...wasm(), name: "native" }),
  nativeAvailable: () => ({ ok: true, reason: "GCC 12.2.0, vectors of 64 bytes" }),
};
const broken: NativePackage = {
  ...works,
  nativeAvailable: () => ({
    ok: false,
    reason:
      "Cannot compile to machine code: expected a C compiler that works, got cc (error: no licence)\nInstall GCC.",
  }),
};
const choose = (asked: Parameters<typeof chooseTarget>[0], from: NativePackage) =>
  chooseTarget(
    asked,
    () => undefined,
    () => Promise.resolve(from),
  );

describe("chooseTarget", () => {
  test("takes machine code for what runs long, where a compiler works", async () => {
    const { line, target, record } = await choose("auto", works);
    expect(line).toBe("target: wasm, then native for programs that run long (GCC 12.2.0, vectors of 64 bytes)\n");
    expect(target.name).toBe("wasm, then native");
    expect(record()).toEqual({ asked: "auto", used: "wasm", moved: 0, why: "GCC 12.2.0, vectors of 64 bytes" });
  });

  test("falls back to WebAssembly with the compiler's first message", async () => {
    const { line, target, record } = await choose("auto", broken);
    const why = "no machine code: expected a C compiler that works, got cc (error: no licence)";
    expect(line).toBe(`target: wasm (${why})\n`);
    expect(target.name).toBe("wasm");
    expect(record()).toEqual({ asked: "auto", used: "wasm", moved: 0, why });
  });

  test("falls back where the package is not installed", async () => {
    const missing = () => Promise.reject(new Error("Cannot find package '@leastaction/native'\nrequired by x"));
    const { line } = await chooseTarget("auto", () => undefined, missing);
    expect(line).toBe(
      "target: wasm (no machine code: expected @leastaction/native, got Cannot find package '@leastaction/native')\n",
    );
  });

  test("gives who asks for native that, or an error with a remedy", async () => {
    const { line, target } = await choose("native", works);
    expect([line, target.name]).toEqual(["target: native (GCC 12.2.0, vectors of 64 bytes)\n", "native"]);
    await expect(choose("native", broken)).rejects.toThrow(
      "Cannot use --target native: expected a C compiler that works, got cc (error: no licence)\nInstall GCC or Clang",
    );
  });

  test("gives who asks for native-fast the options that make other bits", async () => {
    const asked: unknown[] = [];
    const watched: NativePackage = {
      ...works,
      native: (options) => {
        asked.push(options);
        return works.native();
      },
    };
    const { line, record } = await choose("native-fast", watched);
    expect(asked).toEqual([{ contract: true, accuracy: "fast" }]);
    expect(line).toBe("target: native-fast (GCC 12.2.0, vectors of 64 bytes)\n");
    expect(record()).toMatchObject({ asked: "native-fast", used: "native-fast" });
    await expect(choose("native-fast", broken)).rejects.toThrow(
      "Cannot use --target native-fast: expected a C compiler",
    );
  });

  test("looks for no compiler where WebAssembly is asked for", async () => {
    const never = () => Promise.reject(new Error("never"));
    expect((await chooseTarget("wasm", () => undefined, never)).line).toBe("target: wasm (as asked)\n");
  });
});
