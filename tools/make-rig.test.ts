// `inspect` names every fault that was put into a rig, in its file and at its line, and none that was not.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../apps/cli/src/main.ts";
import { inFolder, memoryIo } from "../apps/cli/src/testing/memory-io.ts";
import { exampleRig, type Faults, makeRig, type PutIn, type RigOptions } from "./make-rig.js";

interface Found {
  readonly kind: string;
  readonly column: string | null;
  readonly places: readonly { readonly file: string; readonly line: number | null; readonly lastLine: number | null }[];
}

/** What `inspect --json` finds in these files, its status and its stream of errors. */
async function inspect(files: Readonly<Record<string, string>>): Promise<readonly Found[]> {
  return inFolder(files, async (folder) => {
    const io = memoryIo(folder);
    expect(await main(["inspect", ".", "--json"], io), io.text("error")).toBe(0);
    return (JSON.parse(io.text("out")) as { readonly oddities: readonly Found[] }).oddities;
  });
}

/** Kinds that are told once for all files, or of whole files. */
const shared = new Set(["quantum", "trigger-offset", "constant", "wrapped", "repeated-column", "degrees-as-radians"]);

/** `kind column file`, one for each fault in each file, sorted. */
function wordsOf(faults: readonly Pick<PutIn, "kind" | "column" | "file">[]): readonly string[] {
  const words = faults.map(({ kind, column, file }) => `${kind} ${column} ${shared.has(kind) ? "" : file}`.trim());
  return [...new Set(words)].sort();
}

function expectNamed(found: readonly Found[], putIn: readonly PutIn[]): void {
  const named = found.flatMap(({ kind, column, places }) => places.map(({ file }) => ({ kind, column, file })));
  expect(wordsOf(named), JSON.stringify(wordsOf(putIn))).toEqual(wordsOf(putIn));
  for (const { kind, column, file, line } of putIn) {
    if (file === null || line === null) continue;
    const places = found.find((each) => each.kind === kind && each.column === column)?.places ?? [];
    const lines = places.filter((place) => place.file === file);
    const isThere = lines.some((place) => (place.line ?? 0) - 1 <= line && line <= (place.lastLine ?? 0) + 1);
    expect(isThere, `${kind} in ${file} at line ${line}: ${JSON.stringify(lines.slice(0, 9))}`).toBe(true);
  }
}

const folder = path.join(import.meta.dirname, "../examples/rig");
const committed = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith(".csv"))
    .map((name) => [name, readFileSync(path.join(folder, name), "utf8")]),
);

describe("the rig of the examples", () => {
  test("is what the script writes", () => {
    const { files } = makeRig({ ...exampleRig, rate: 1000 });
    expect(Object.keys(committed)).toEqual(Object.keys(files));
    // Compared one by one and as a whole: a difference of 120 000 lines is no message.
    for (const [name, text] of Object.entries(files)) expect(committed[name] === text, name).toBe(true);
  });

  test("shows its faults and no others", async () => {
    const { putIn } = makeRig({ ...exampleRig, rate: 1000 });
    expect(putIn.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["missing", "frozen", "differing-format"]));
    expectNamed(await inspect(committed), putIn);
  });
});

/** Faults drawn for one rig of four files; each fault is in about a third of the rigs. */
function drawn(seed: number): RigOptions {
  let state = seed * 2654435761 + 12345;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
  const some = (): readonly number[] => (draw(3) === 0 ? [draw(4)] : []);
  const chance = (one: number): boolean => draw(one) === 0;
  const [lost, turning, copied] = [draw(5), chance(5), chance(6)];
  const all = [0, 1, 2, 3];
  const faults: Faults = {
    missing: lost === 0 ? all : [],
    nan: lost === 1 ? [draw(4)] : [],
    code: lost === 2 ? all : [],
    dropout: lost === 3 ? all : [],
    gap: some(),
    frozen: some(),
    spike: some(),
    repeatedRow: some(),
    duplicateTime: some(),
    backwardTime: some(),
    decimalComma: some(),
    noMotor: some(),
    slow: some(),
    deadMotor: chance(6),
    turning,
    copied,
    // Without a unit nobody knows that 360 is a turn, nor that the copy is one.
    bare: chance(6) && !turning && !copied,
  };
  const [rate, counts] = [[100, 200, 500][draw(3)] ?? 200, [1000, 2048, 4096, 8192][draw(4)] ?? 4096];
  return { seed, files: 4, seconds: 4, rate, counts, trigger: !chance(4), faults };
}

describe("random rigs", () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))("seed %i", async (seed) => {
    const { files, putIn } = makeRig(drawn(seed));
    expectNamed(await inspect(files), putIn);
  });
});
