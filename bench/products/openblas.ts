/**
 * OpenBLAS, through a small C program built on the spot (Debian: libopenblas-dev).
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { benchFolder } from "../folder.ts";
import type { Contestant } from "./contestant.ts";
import type { Shape } from "./shape.ts";

const folder = path.join(benchFolder, "products");

/** What the C program says of one run. */
interface Answer {
  readonly ms: number;
  readonly squares: number;
  readonly core: string;
}

/** A shape on OpenBLAS, and for which processor that has been made. Errors: it cannot be built here. */
export async function startOpenBlas(shape: Shape): Promise<Contestant & { readonly core: string }> {
  const { rows, sums, columns, transposed, accumulate, copies } = shape;
  const numbers = [rows, sums, columns, ...transposed.map(Number), Number(accumulate), copies];
  // It chooses its kernels for itself. Its idle threads wait by turning round, which is processor time: there must be none.
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("OPENBLAS_"));
  const env = { ...Object.fromEntries(others), OPENBLAS_NUM_THREADS: "1" };
  const child = spawn(build(shape), numbers.map(String), { stdio: ["pipe", "pipe", "inherit"], env });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Answer> => {
    const line = await lines.next();
    if (line.done === true) throw new Error("Cannot measure OpenBLAS: expected an answer, got the end of the process");
    return JSON.parse(line.value) as Answer;
  };
  let { squares, core } = await answer();
  return {
    core,
    round: async (times) => {
      child.stdin.write(`${times}\n`);
      const found = await answer();
      squares = found.squares;
      return found.ms;
    },
    check: () => squares,
    stop: () => child.stdin.end(),
  };
}

/** The path of the program for an element type. */
function build({ dtype }: Shape): string {
  const isSingle = dtype === "float32";
  const output = path.join(folder, "build", `openblas-${dtype}`);
  mkdirSync(path.dirname(output), { recursive: true });
  const names = [`-DELEMENT=${isSingle ? "float" : "double"}`, `-DGEMM=${isSingle ? "cblas_sgemm" : "cblas_dgemm"}`];
  const source = path.join(folder, "openblas.c");
  const { status, stderr, error } = spawnSync(
    process.env.CC ?? "gcc",
    ["-O2", ...names, "-o", output, source, "-lopenblas"],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`no OpenBLAS (Debian: libopenblas-dev): ${error?.message ?? stderr.trim()}`);
  return output;
}
