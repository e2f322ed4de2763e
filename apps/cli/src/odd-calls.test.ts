/**
 * Calls put together at random from commands, their flags and odd words: every one ends with a known status, and one that
 * fails says so in two lines of the house's form; none is a fault of the program. (50,000 such calls were tried once.)
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { exitStatus } from "./exit-status.ts";
import { main } from "./main.ts";
import { inFolder, memoryIo } from "./testing/memory-io.ts";
import { swingTable } from "./testing/swing-table.ts";

const commands = ["inspect", "fit", "predict", "compare", "models", "systems", "simulate"];
const files = {
  "good.csv": swingTable(60),
  "empty.csv": "",
  "bad.json": "{",
  "model.js": "export default {}",
  "run.json": "{}",
  "model.json": "{}",
  "model.safetensors": "abc",
};
/** None names a place outside the folder of the test: flags such as --force are among those tried. */
const words = Object.keys(files).concat(
  ["./model.js", ".", "", "-", "--", "**", "[", "nul\0l", "é", "%", "1%", "=", "a=", "=b", "a=b", "1:2", "trigger"],
  ["0", "-1", "3", "0.5", "1e9", "1e300", "1e999", "NaN", "auto", "hold", "pendulum", "toda-chain-0", "zero", "none"],
  ["theta=angle:deg", "theta=control:V", "theta=10ms", "t=time:ms", "1=time", "99=x", "q=1,q=1", "chirp"],
);
const message = /^(?:[^\n]*\n)*?Cannot [^\n]+: expected [^\n]+, got [^\n]*\n[^\n]+\n$/;

async function flagsOf(command: string, folder: string): Promise<readonly string[]> {
  const io = memoryIo(folder);
  await main([command, "--help"], io);
  return [...io.text("out").matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].flatMap(([, flag = ""]) =>
    flag === "--help" ? [] : [flag],
  );
}

test("odd calls end with a known status and say what to do", () =>
  inFolder(files, async (folder) => {
    const flags = new Map<string, readonly string[]>();
    for (const command of commands) flags.set(command, await flagsOf(command, folder));
    const word = fc.constantFrom(...words);
    const call = fc.constantFrom(...commands).chain((command) => {
      const flag = fc.constantFrom(...(flags.get(command) ?? []), "--unknown");
      return fc
        .array(fc.oneof(word, flag, fc.tuple(flag, word)), { maxLength: 6 })
        .map((parts) => [command, ...parts.flat(), ...(command === "fit" ? ["--steps", "2", "--model", "hold"] : [])]);
    });
    await fc.assert(
      fc.asyncProperty(call, async (argv) => {
        const io = memoryIo(folder);
        const status = await main(argv, io);
        expect(Object.values(exitStatus)).toContain(status);
        expect(status).not.toBe(exitStatus.fault);
        if (status !== exitStatus.ok) expect(io.text("error")).toMatch(message);
      }),
      { numRuns: 300, seed: 7 },
    );
  }));
