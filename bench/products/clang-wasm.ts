/**
 * The hand-written C compiled by clang to WebAssembly SIMD (Debian: clang and lld), in this process.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { benchFolder } from "../folder.ts";
import { type Contestant, squaresOf, timed } from "./contestant.ts";
import { operandsOf, type Shape } from "./shape.ts";

/** Rows and vectors of a block. */
export type BlockSize = readonly [number, number];

/** What clang's own stack and data take at the start of memory, and more. */
const stackBytes = 1 << 20;

const folder = path.join(benchFolder, "products");

/** A shape on the hand-written C. Errors: no clang; the shape is smaller than a block. */
export function startClangWasm(shape: Shape, size: BlockSize): Contestant {
  const { dtype, rows, sums, columns, transposed, accumulate, copies } = shape;
  const bytes = dtype === "float32" ? 4 : 8;
  const width = (size[1] * 16) / bytes;
  const isWhole = rows % size[0] === 0 && columns % width === 0;
  if (rows < size[0] || columns < width || (accumulate && !isWhole)) throw new Error("a shape smaller than a block");
  const operands = operandsOf(shape);
  const results = (accumulate ? 1 : copies) * rows * columns;
  const ends: number[] = [];
  const place = (length: number): number => {
    const at = ends.at(-1) ?? stackBytes;
    ends.push(Math.ceil((at + length * bytes) / 64) * 64);
    return at;
  };
  const [a, b] = operands.map(({ length }) => place(length)) as [number, number];
  const [c, panels] = [place(results), place(sums * (columns + width))];
  const memory = new WebAssembly.Memory({ initial: Math.ceil((ends.at(-1) as number) / 65536) });
  const module = new WebAssembly.Module(readFileSync(build(shape, size)));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const main = exports.run as (...numbers: number[]) => void;
  const view = (at: number, length: number): Float32Array | Float64Array =>
    dtype === "float32" ? new Float32Array(memory.buffer, at, length) : new Float64Array(memory.buffer, at, length);
  [a, b].forEach((at, i) => {
    view(at, operands[i]?.length ?? 0).set(operands[i] ?? []);
  });
  const [turnA, turnB] = transposed.map(Number) as [number, number];
  const run = (): void => main(rows, sums, columns, turnA, turnB, Number(accumulate), copies, a, b, c, panels);
  run();
  return {
    round: async (times) => timed(times, run),
    check: () => squaresOf(view(c, results)),
    stop: () => undefined,
  };
}

/** The path of the module for an element type and a block. */
function build({ dtype }: Shape, [rows, vectors]: BlockSize): string {
  const output = path.join(folder, "build", `product-${dtype}-${rows}x${vectors}.wasm`);
  mkdirSync(path.dirname(output), { recursive: true });
  const element = dtype === "float32" ? "float" : "double";
  const names = [`-DELEMENT=${element}`, `-DROWS=${rows}`, `-DVECTORS=${vectors}`];
  const machine = ["--target=wasm32", "-nostdlib", "-O3", "-msimd128", "-mbulk-memory"];
  const linked = ["-Wl,--no-entry", "-Wl,--import-memory", "-o", output, path.join(folder, "product.c")];
  const { status, stderr, error } = spawnSync("clang", [...machine, ...names, ...linked], { encoding: "utf8" });
  if (status !== 0)
    throw new Error(`no clang for WebAssembly (Debian: clang, lld): ${error?.message ?? stderr.trim()}`);
  return output;
}
