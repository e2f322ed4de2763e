/**
 * Compilers that are missing, refuse or fail, as scripts; and the way from a target to its cache.
 */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { array, compile, TensorError, tanh } from "@leastaction/tensor";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compileHalves, findCompiler } from "./compiler.ts";
import { native, nativeAvailable } from "./native.ts";
import { hasCompiler } from "./testing/test-compiler.ts";

let top = "";
beforeEach(() => {
  top = mkdtempSync(path.join(os.tmpdir(), "native-compiler-"));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

function script(name: string, body: string): string {
  const file = path.join(top, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o700);
  return file;
}

/** What lies in a cache folder beside the store of programs. */
const librariesIn = (folder: string): string[] => readdirSync(folder).filter((name) => name !== "programs");

const x = array([0.5, -1, 2], [3], "float32");
const input = { cacheFolder: "" };

describe("a compiler that does not work", () => {
  it("is named when it is missing", () => {
    const missing = path.join(top, "no-such-compiler");
    expect(() => native({ compiler: missing })).toThrow(
      `Cannot compile to machine code: expected a C compiler that works, got ${missing} (not found)\nInstall GCC or Clang`,
    );
    const { ok, reason } = nativeAvailable({ compiler: missing });
    expect(ok).toBe(false);
    expect(reason).toContain("no-such-compiler (not found)");
  });

  it("is quoted when it refuses", () => {
    const file = script("refuses", "echo 'error: no licence' >&2; exit 3");
    expect(() => findCompiler(file)).toThrow(`got ${file} (error: no licence)`);
  });

  it.skipIf(!hasCompiler)("is quoted when it fails later, and leaves nothing behind", () => {
    const first = 'case "$*" in *-dM*) exec cc "$@" ;; esac';
    const file = script("fails", `${first}\necho 'warm words' >&2\necho 'x.c:1: error: out of luck' >&2\nexit 1`);
    const options = { compiler: file, cacheFolder: path.join(top, "cache") };
    const target = native(options);
    expect(() => compile(tanh as never, [x], target).callSync(x)).toThrow(
      /to compile, got x\.c:1: error: out of luck\nTry another compiler/,
    );
    expect(nativeAvailable(options).reason).toContain("out of luck");
    expect(librariesIn(options.cacheFolder)).toEqual([]);
  });
});

describe.skipIf(!hasCompiler)("two compilers at once", () => {
  const files = (source: string): Parameters<typeof compileHalves>[2] => {
    writeFileSync(path.join(top, "halves.c"), source);
    return { folder: top, source: "halves.c", library: "halves.so" };
  };
  const halves =
    "#if PART == 1\nint one(void) { return 1; }\n#else\nint one(void); int two(void) { return 2 * one(); }\n#endif\n";

  it("make one library, and leave nothing else", () => {
    compileHalves(findCompiler(), ["-fPIC", "-shared"], files(halves));
    expect(readdirSync(top).sort()).toEqual(["halves.c", "halves.so"]);
  });

  it.each([1, 2])("are quoted when half %i fails", (part) => {
    const failing = `${halves}#if PART == ${part}\n#error out of luck\n#endif\n`;
    expect(() => compileHalves(findCompiler(), ["-fPIC", "-shared"], files(failing))).toThrow(
      /to compile, got .*out of luck/,
    );
  });
});

describe.skipIf(!hasCompiler)("a target and its cache", () => {
  const run = (options: typeof input): unknown => compile(tanh as never, [x], native(options)).callSync(x);
  /** Passes everything on, and notes each run that makes a library. */
  const noting = (): string =>
    script("noting", `case "$*" in *-shared*) echo run >> '${top}/log' ;; esac\nexec cc "$@"`);
  const runs = (): number => readFileSync(path.join(top, "log"), "utf8").split("\n").length - 1;

  it("compiles a program once, and again when its entry is broken", () => {
    const options = { compiler: noting(), cacheFolder: path.join(top, "cache") };
    const first = run(options);
    expect(run(options)).toEqual(first);
    expect(runs()).toBe(1);
    const [entry = ""] = librariesIn(options.cacheFolder);
    // A new file, so that the code that this process has loaded stays as it is.
    rmSync(path.join(options.cacheFolder, entry, "module.so"));
    writeFileSync(path.join(options.cacheFolder, entry, "module.so"), "not code");
    expect(run(options)).toEqual(first);
    expect(runs()).toBe(2);
  });

  it("keeps other flags apart", () => {
    const options = { compiler: noting(), cacheFolder: path.join(top, "cache") };
    run(options);
    run({ ...options, contract: true } as typeof input);
    run({ ...options, flushToZero: false } as typeof input);
    expect(runs()).toBe(3);
    expect(librariesIn(options.cacheFolder)).toHaveLength(3);
  });

  it("refuses a folder that others may write", () => {
    const folder = path.join(top, "shared");
    run({ cacheFolder: folder });
    chmodSync(folder, 0o777);
    expect(() => native({ cacheFolder: folder })).toThrow(TensorError);
    expect(nativeAvailable({ cacheFolder: folder })).toMatchObject({ ok: false });
  });
});
