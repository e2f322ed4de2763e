/** Faults, broken pipes and full disks: through the built program, since they are about a process. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./testing/memory-io.ts";
import { swingTable } from "./testing/swing-table.ts";

const program = fileURLToPath(new URL("../bin/leastaction.js", import.meta.url));
const model = (init: string) => `export default { name: "faulty", init: ${init}, field: () => null };\n`;
const preload = (code: string): string => `--import=data:text/javascript,${encodeURIComponent(code)}`;

const folder = temporaryFolder({
  "good.csv": swingTable(60),
  "null.js": model("() => null.x"),
  "rejects.js": `Promise.reject(new TypeError("nobody waits"));\n${model("() => 1")}`,
  "later.js": `setTimeout(() => { throw new RangeError("too late"); });\n${model("() => 1")}`,
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Call {
  readonly node?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

function call(words: string, { node = [], environment = {} }: Call = {}) {
  const argv = [...node, program, ...words.split(" ")];
  const env = { ...process.env, ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: folder, encoding: "utf8", env });
  return { status, stdout, stderr };
}

function shell(script: string) {
  const env = { ...process.env, LEASTACTION: `"${process.execPath}" "${program}"` };
  const { stdout, stderr } = spawnSync("bash", ["-c", script.replaceAll("leastaction", "eval $LEASTACTION")], {
    cwd: folder,
    encoding: "utf8",
    env,
  });
  return { stdout, stderr };
}

const stack = /\n\s+at /;

describe("a fault of the program is told in two lines, and its stack only to who asks", () => {
  test.each([
    ["models ./rejects.js", "TypeError: nobody waits"],
    ["models ./later.js", "RangeError: too late"],
  ])("%s", (words, what) => {
    const plain = call(words);
    expect(plain.stderr).toMatch(/^This is a fault of leastaction \d+\.\d+\.\d+: [^\n]+\nReport it [^\n]+\n$/);
    expect(plain.stderr).toContain(what);
    expect(plain.status).toBe(1);
    const asked = [call(`${words} --debug`), call(words, { environment: { LEASTACTION_DEBUG: "1" } })];
    for (const { status, stderr } of asked) {
      expect(stderr.startsWith(plain.stderr)).toBe(true);
      expect(stderr).toContain("code: defect, exit status: 1");
      expect(stderr).toMatch(stack);
      expect(status).toBe(1);
    }
  });
});

test("a fault in a user's model is told as theirs, with its line", () => {
  const { status, stderr } = call("fit good.csv --model ./null.js --target wasm --out theirs");
  expect(stderr.split("\n").slice(-3)).toEqual([
    expect.stringMatching(/^Cannot run init of the model \.\/null\.js: expected it to return, got TypeError: .*null/),
    "Correct line 1 of ./null.js; --debug shows the way there.",
    "",
  ]);
  expect(status).toBe(2);
});

test("a message has no stack either, unless asked for", () => {
  const plain = call("fit none.csv");
  expect(plain.stderr).toMatch(/^Cannot read none\.csv: [^\n]+\n[^\n]+\n$/);
  const { status, stderr } = call("--debug fit none.csv");
  expect(stderr.startsWith(`${plain.stderr}code: unreadable-data, exit status: 3\n`)).toBe(true);
  expect(stderr).toMatch(stack);
  expect([plain.status, status]).toEqual([3, 3]);
});

test("with --json, an error is the one object on standard output", () => {
  const { status, stdout, stderr } = call("fit none.csv --json");
  expect(JSON.parse(stdout)).toEqual({
    error: { code: "unreadable-data", message: stderr.trimEnd(), status: 3 },
  });
  expect(status).toBe(3);
});

test("a Node that is too old is told so", () => {
  const old = preload(
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.3' } })",
  );
  const { status, stderr } = call("models", { node: [old] });
  expect(stderr).toMatch(/^Cannot start leastaction: expected Node 20\.19 or later, got 20\.18\.3\nInstall [^\n]+\n$/);
  expect(status).toBe(2);
});

describe.skipIf(process.platform === "win32")("streams", () => {
  test("a reader that goes ends nothing", () => {
    const { stdout, stderr } = shell("set -o pipefail; leastaction systems | head -1; echo $?");
    expect(stdout).toMatch(/^ {2}pendulum .*\n0\n$/);
    expect(stderr).toBe("");
  });

  test("a training outlives the pipe that shows its progress", () => {
    const { stdout } = shell(
      "leastaction fit good.csv --model hold --target wasm --out outlives --json 2>&1 >result.json | true; echo $PIPESTATUS; cat result.json",
    );
    expect(stdout).toMatch(/^0\n/);
    expect(JSON.parse(stdout.slice(2))).toMatchObject({ run: "outlives" });
  });

  test.skipIf(process.platform !== "linux")("a result that finds no room is told", () => {
    const { stdout, stderr } = shell("leastaction systems > /dev/full; echo $?");
    expect(stderr).toMatch(/^Cannot write the result: expected [^\n]+, got ENOSPC\n[^\n]+\n$/);
    expect(stdout).toBe("5\n");
  });

  test("closed ones are none of our business", () => {
    const { stdout } = shell("leastaction systems <&- >&- 2>&-; echo $?; leastaction fit none.csv <&- 2>&-; echo $?");
    expect(stdout).toBe("0\n3\n");
  });
});
