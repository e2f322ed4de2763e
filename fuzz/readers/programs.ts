/**
 * Programs as JSON. What is accepted is run once on the reference evaluator and once in WebAssembly, which must end and
 * agree: nothing that a file can say makes the two understand it differently.
 */
import { createHash } from "node:crypto";
import type { HostTensor, Json, Program, ProgramLimits } from "@leastaction/tensor";
import { damageTree, type Json as Tree } from "../damage-tree.ts";
import { type FuzzedReader, isHouseMessage, tenfold } from "../fuzz-reader.ts";
import { mutations } from "../mutate.ts";
import { Random } from "../random.ts";
import { seedPrograms } from "../seed-programs.ts";

/** What one evaluation may take while fuzzing: small, for there are many. */
export const fuzzLimits: Partial<ProgramLimits> = { operations: 20_000, bytes: 2 ** 19, turns: 100 };

/** The reader. */
export async function programReader(): Promise<FuzzedReader> {
  const { programFromJson } = await import("@leastaction/tensor");
  const run = await programRunner();
  const seeds = seedPrograms().map((json) => new TextEncoder().encode(JSON.stringify(json)));
  return {
    name: "program",
    seeds,
    mutations: (files, seed) => {
      const bytesOf = mutations(files, seed);
      return (index) => {
        const random = new Random(seed, index);
        if (random.below(8) === 0) return bytesOf(index);
        const tree = JSON.parse(new TextDecoder().decode(random.pick(files))) as Tree;
        for (let turn = 0; turn <= random.below(random.below(5)); turn++) damageTree(tree, random);
        return new TextEncoder().encode(JSON.stringify(tree));
      };
    },
    read: (bytes) => {
      const json = parsed(bytes);
      programFromJson(json);
      run(programFromJson(json, fuzzLimits));
    },
    allowed: (error) => isHouseMessage(error, ["TensorError", "SyntaxError"]),
    allowance: (length) => tenfold(length) + 4 * 2 ** 19,
  };
}

/** `JSON.parse` is the caller's; what it refuses is refused. */
function parsed(bytes: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Json;
  } catch (error) {
    throw Object.assign(new Error("Cannot parse: expected JSON, got another text\nIt is the caller who parses."), {
      name: "SyntaxError",
      cause: error,
    });
  }
}

/** Runs a program on both targets. Errors: results that differ. */
export async function programRunner(): Promise<(program: Program) => void> {
  const { boundLoops, compile, inline, programLimits, programToJson, reference, showType, wasm } = await import(
    "@leastaction/tensor"
  );
  const known = new Set<string>();
  return (given) => {
    const key = createHash("sha1")
      .update(JSON.stringify(programToJson(given)))
      .digest("base64");
    if (known.has(key)) return;
    known.add(key);
    const program = boundLoops(given, fuzzLimits.turns ?? programLimits.turns);
    expectPlain(program);
    const inputs = program.inputs.map(({ type }, i) => inputOf(type, i));
    const results = [reference(), wasm()].map(
      (target) =>
        compile((...given: never[]) => inline(program, given), inputs, target).callSync(
          ...inputs,
        ) as unknown as HostTensor[],
    );
    const [expected, found] = results as [HostTensor[], HostTensor[]];
    expected.forEach((tensor, i) => {
      const other = found[i] as HostTensor;
      if (showType(tensor) !== showType(other))
        throw new Error(`result ${i}: ${showType(tensor)} and ${showType(other)}`);
      expectClose(tensor, other, i);
    });
  };
}

/** Moderate numbers, so that elementary functions of the two targets are in their range. */
function inputOf({ dtype, shape }: Pick<HostTensor, "dtype" | "shape">, index: number): HostTensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const numbers = Array.from({ length: size }, (_, i) => Math.sin(1 + i + 10 * index));
  if (dtype === "float64") return { dtype, shape, data: Float64Array.from(numbers) };
  if (dtype === "float32") return { dtype, shape, data: Float32Array.from(numbers) };
  const whole = numbers.map((value) => Math.round(3 * Math.abs(value)));
  if (dtype === "int32") return { dtype, shape, data: Int32Array.from(whole) };
  if (dtype === "uint32") return { dtype, shape, data: Uint32Array.from(whole) };
  return { dtype, shape, data: Uint8Array.from(whole, (value) => value % 2) };
}

function expectClose({ dtype, data }: HostTensor, { data: other }: HostTensor, index: number): void {
  const allowed = dtype === "float32" ? 1e-3 : 1e-8;
  data.forEach((value, i) => {
    const found = other[i] as number;
    const scale = Math.max(1, Math.abs(value), Math.abs(found));
    if (
      Object.is(value, found) ||
      Math.abs(value - found) <= allowed * scale ||
      (Number.isNaN(value) && Number.isNaN(found))
    )
      return;
    throw new Error(`result ${index}, element ${i}: ${value} by the reference evaluator, ${found} in WebAssembly`);
  });
}

const words = new Set(["variable", "constant", "float32", "float64", "int32", "uint32", "bool"]);

/** That no text of a file is left in a program but names of closed lists: nothing could reach code that is made of it. */
function expectPlain(program: unknown): void {
  if (typeof program === "string" && !words.has(program)) throw new Error(`text in a program: ${program.slice(0, 80)}`);
  if (typeof program !== "object" || program === null || ArrayBuffer.isView(program)) return;
  for (const [key, value] of Object.entries(program)) if (key !== "primitive") expectPlain(value);
}
