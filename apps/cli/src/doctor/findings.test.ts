/** Findings of machines that are not this one. */
import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { inFolder } from "../testing/memory-io.ts";
import { bytesInWords } from "./bytes-in-words.ts";
import { compilerFinding } from "./compiler.ts";
import { codeCacheFinding, runFolderFinding, temporaryFolderFinding } from "./disk.ts";
import { laterFindings } from "./later.ts";
import { memoryFinding, nodeFinding, processorFinding } from "./machine.ts";
import { webAssemblyFinding } from "./web-assembly.ts";

test.each([
  ["20.19.0", "ok"],
  ["20.18.3", "missing"],
  ["18.20.0", "missing"],
  ["22.0.0", "ok"],
])("Node %s is %s", (version, state) => {
  const found = nodeFinding(version, ">=20.19");
  expect(found.state).toBe(state);
  expect(found.remedy === null).toBe(state === "ok");
});

test.each([
  [2 ** 34, "ok"],
  [2 ** 29, "poor"],
  [2 ** 27, "missing"],
])("%i bytes of memory are %s", (available, state) => {
  expect(memoryFinding(available, 2 ** 34).state).toBe(state);
});

test("a processor is told by its instruction sets", () => {
  expect(processorFinding("fpu sse2 avx2 fma").facts.instructionSets).toBe("AVX2 FMA");
  expect(processorFinding("fp asimd").facts.instructionSets).toBe("NEON");
  expect(processorFinding("").found).toMatch(/core/);
});

describe("WebAssembly", () => {
  test.each([
    [
      "an engine without it",
      () => {
        throw new Error("WebAssembly is not defined\nmore");
      },
      "does not run: WebAssembly is not defined",
    ],
    ["an engine that computes something else", () => 7, "does not run: 2 times 4 gave 7"],
  ])("%s is told", (_, run, found) => {
    const { state, remedy, ...said } = webAssemblyFinding(run);
    expect([state, said.found]).toEqual(["missing", found]);
    expect(remedy).toContain("--jitless");
  });
});

test("without a compiler, what was tried and how to get one is told", async () => {
  const reason = "Cannot compile to machine code: expected a C compiler that works, got cc (not found)\nInstall GCC.";
  const found = await compilerFinding(async () => ({ nativeAvailable: () => ({ ok: false, reason }) }));
  expect(found).toMatchObject({
    state: "poor",
    found: "expected a C compiler that works, got cc (not found)",
    facts: { works: false, vectorBytes: null },
  });
  expect(found.remedy).toContain("CC");
  const kept =
    "Cannot keep compiled code in /x: expected a folder that only this user can write, got a file\nRun chmod.";
  const other = await compilerFinding(() => Promise.resolve({ nativeAvailable: () => ({ ok: false, reason: kept }) }));
  expect(other.remedy).toContain("code cache");
  expect((await compilerFinding(() => Promise.reject(new Error("none")))).found).toBe(
    "@leastaction/native is not installed",
  );
});

describe("folders", () => {
  test("one that is not there yet is judged by the one above it, and nothing stays in it", () =>
    inFolder({}, async (folder) => {
      const found = await runFolderFinding(path.join(folder, "deep/deeper"));
      expect(found).toMatchObject({
        state: "ok",
        facts: { folder: path.join(folder, "deep/deeper/runs"), writable: true },
      });
    }));

  test("one under a file is told", () =>
    inFolder({ file: "" }, async (folder) => {
      const found = await runFolderFinding(path.join(folder, "file"));
      expect(found).toMatchObject({ state: "missing", facts: { writable: false } });
      expect(found.found).toContain("cannot be written: ");
      expect((await temporaryFolderFinding(path.join(folder, "file"))).state).toBe("poor");
    }));

  test("a temporary folder is not made where it is missing", async () => {
    const found = await temporaryFolderFinding("/none/at/all");
    expect(found).toMatchObject({ state: "poor", facts: { writable: false } });
  });

  test("a cache that others can write is told", async () => {
    const refused = {
      defaultCacheFolder: () => "/nowhere",
      fileStore: () => {
        throw new Error("Cannot keep compiled code in /nowhere: expected a private folder, got another\nRun chmod.");
      },
    };
    expect(await codeCacheFinding(async () => refused)).toMatchObject({ state: "poor", needed: false });
  });
});

test.skipIf(process.platform === "win32")("what comes later is looked for by name", () =>
  inFolder({}, async (folder) => {
    writeFileSync(path.join(folder, "sbatch"), "");
    chmodSync(path.join(folder, "sbatch"), 0o755);
    writeFileSync(path.join(folder, "mpirun"), "");
    chmodSync(path.join(folder, "mpirun"), 0o644);
    const found = await laterFindings(`${folder}/none${path.delimiter}${folder}`);
    expect(found.map(({ name, facts, remedy }) => [name, facts.place, remedy === null])).toEqual([
      ["GPU", null, false],
      ["MPI", null, false],
      ["Redis", null, false],
      ["Slurm", path.join(folder, "sbatch"), true],
    ]);
  }),
);

test.each([
  [0, "0 bytes"],
  [1023, "1023 bytes"],
  [1536, "1.5 kB"],
  [2 ** 28, "256 MB"],
  [2 ** 40, "1 TB"],
])("%i bytes are %s", (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});
