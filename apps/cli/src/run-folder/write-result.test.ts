import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { inFolder } from "../testing/memory-io.ts";
import type { OutFolder } from "./prepare-out.ts";
import { writeResult } from "./write-result.ts";

const folderIn = (cwd: string): OutFolder => ({
  full: path.join(cwd, "run"),
  shown: "run",
  lock: { isHeld: () => true, keep: async () => {}, release: () => {} },
});
const full = (): never => {
  throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
};

afterEach(() => vi.unstubAllEnvs());

describe("a result", () => {
  test("is written into its folder, made again where it is gone", () =>
    inFolder({}, async (cwd) => {
      const write = async (folder: string): Promise<void> => writeFileSync(path.join(folder, "a"), "1");
      expect(await writeResult(folderIn(cwd), write)).toEqual({ place: "run", problem: null });
      expect(readFileSync(path.join(cwd, "run/a"), "utf8")).toBe("1");
    }));

  test("that has no room there is written into the system's temporary folder, which is named", () =>
    inFolder({}, async (cwd) => {
      vi.stubEnv("TMPDIR", cwd);
      const { place, problem } = await writeResult(folderIn(cwd), async (folder) => {
        if (folder.endsWith("run")) full();
        writeFileSync(path.join(folder, "a"), "1");
      });
      expect(problem?.code).toBe("unwritten-result");
      expect(problem?.message).toMatch(
        /^Cannot write the result to run: expected a place that can be written, got a full disk \(ENOSPC\)\n/,
      );
      expect(place?.startsWith(path.join(tmpdir(), "leastaction-result-"))).toBe(true);
      expect(problem?.message).toContain(`The whole result is in ${place} instead`);
      expect(readFileSync(path.join(place as string, "a"), "utf8")).toBe("1");
    }));

  test("that has no room anywhere is said with what is left", () =>
    inFolder({}, async (cwd) => {
      vi.stubEnv("TMPDIR", cwd);
      const { place, problem } = await writeResult(folderIn(cwd), async () => full());
      expect(place).toBe(null);
      expect(problem?.message).toContain("got a full disk (ENOSPC)\nNor could it be written to ");
      expect(problem?.message).toContain("what run holds is whole, and training can go on from its last checkpoint.");
    }));
});
