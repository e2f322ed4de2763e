/** `doctor` through the command line, on the machine that runs the tests, whatever it has. */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Finding } from "../doctor/finding.ts";
import { main } from "../main.ts";
import { inFolder, memoryIo } from "../testing/memory-io.ts";

async function doctor(flags: readonly string[] = [], width = 80) {
  return inFolder({}, async (folder) => {
    const io = memoryIo(folder);
    const status = await main(["doctor", ...flags], { ...io, width });
    return { status, out: io.text("out"), error: io.text("error") };
  });
}

const finding = (out: string, name: string): Finding | undefined =>
  (JSON.parse(out) as { readonly findings: readonly Finding[] }).findings.find((each) => each.name === name);

afterEach(() => vi.restoreAllMocks());

describe("doctor", () => {
  test("names everything with what it is for, and ends with 0 where all that is needed works", async () => {
    const { status, out, error } = await doctor(["--json"]);
    expect([status, error]).toEqual([0, ""]);
    const { ok, findings } = JSON.parse(out) as { readonly ok: boolean; readonly findings: readonly Finding[] };
    expect(ok).toBe(true);
    expect(findings.filter(({ needed }) => needed).map(({ name }) => name)).toEqual([
      "Node",
      "WebAssembly",
      "memory",
      "run folder",
    ]);
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["processor", "C compiler", "code cache", "temporary folder", "terminal"]),
    );
    for (const { found, purpose } of findings) expect([found, purpose]).not.toContain("");
    const later = findings.filter(({ state }) => state === "later").map(({ name }) => name);
    expect(later).toEqual(["more of WebAssembly", "GPU", "MPI", "Redis", "Slurm"]);
    expect(finding(out, "Node")?.facts.version).toBe(process.versions.node);
  });

  test("says the same in lines, with a remedy for what is missing", async () => {
    const { status, out } = await doctor();
    expect(status).toBe(0);
    expect(out).toContain(`  ok    Node: ${process.versions.node}\n`);
    expect(out).toMatch(/\n {2}later Slurm: /);
    expect(out.trimEnd().split("\n").at(-1)).toBe("Everything that is needed works.");
  });

  test.each([80, 44])("fits into %i columns, but for words that do not", async (width) => {
    const { out } = await doctor([], width);
    for (const line of out.split("\n")) {
      expect(line.length <= width || !line.trim().includes(" ") || line.startsWith("leastaction"), line).toBe(true);
    }
  });

  test("tells of an engine without WebAssembly, in the built program", () => {
    const program = fileURLToPath(new URL("../../bin/leastaction.js", import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, ["--jitless", program, "doctor"], { encoding: "utf8" });
    expect(stdout).toContain("  no    WebAssembly: does not run: ");
    expect(status).toBe(7);
  });

  test("ends with 7 and says so where something needed is missing", async () => {
    vi.spyOn(process, "availableMemory").mockReturnValue(2 ** 20);
    const { status, out } = await doctor();
    expect(status).toBe(7);
    expect(out).toMatch(/ {2}no {4}memory: 1 MB free of .*\n.*\n.*\n {8}get it: End other programs/);
    expect(out.trimEnd().split("\n").at(-1)).toBe('Needed, and not working here: memory. See "get it" above.');
    expect(JSON.parse((await doctor(["--json"])).out)).toMatchObject({ ok: false });
  });
});
