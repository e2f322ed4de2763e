/**
 * The C compiler of the system: which command, what it makes for this processor, and one run of it.
 *
 * In: a command with its first arguments, or none: then the environment variable CC, `cc`, `gcc` and `clang` are tried.
 * Out: what it said about itself (its predefined macros, which name its version and every feature of the processor that
 * it will use). GCC and Clang are known to work. Nothing is written here but where `compile` is told to, and the answer
 * into a store that is given.
 */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { type CodeStore, TensorError } from "@leastaction/tensor";
import { identityOf } from "./compiler-identity.ts";
import type { CFeatures } from "./print-c/prelude.ts";

/** A compiler that answered. */
export interface Compiler {
  readonly command: readonly string[];
  /** In words: `GCC 12.2.0`. */
  readonly name: string;
  /** All predefined macros: they differ when the version, the processor or its features do. */
  readonly macros: string;
  /** Flags that make it use this processor. */
  readonly machine: readonly string[];
  /** Flags that make code as fast as it gets, in the shortest time. */
  readonly optimisation: readonly string[];
  readonly features: CFeatures;
}

const known = new Map<string, Compiler>();

/**
 * Finds a compiler; the answer is remembered for the life of the process, and in the store if there is one.
 *
 * Errors: none answered: says what was tried and what the first one said.
 */
export function findCompiler(wanted?: string, store?: CodeStore): Compiler {
  const named = wanted ?? process.env.CC ?? "";
  const before = known.get(named);
  if (before !== undefined) return before;
  const candidates = named.trim() === "" ? ["cc", "gcc", "clang"] : [named];
  const refusals: string[] = [];
  for (const candidate of candidates) {
    const answer = probeOnce(candidate.trim().split(/\s+/), store);
    if (typeof answer !== "string") {
      known.set(named, answer);
      return answer;
    }
    refusals.push(`${candidate} (${answer})`);
  }
  throw new TensorError(
    `Cannot compile to machine code: expected a C compiler that works, got ${refusals.join(", ")}`,
    "Install GCC or Clang (Debian: apt install gcc), name one in the environment variable CC, or use wasm().",
    "no-machine-code",
  );
}

/** As `probe`, unless the store knows what this command said before. */
function probeOnce(command: readonly string[], store: CodeStore | undefined): Compiler | string {
  const key = store && identityOf(command);
  const before = key && store.read(key);
  if (before !== undefined) {
    const { machine, macros } = JSON.parse(new TextDecoder().decode(before)) as Pick<Compiler, "machine" | "macros">;
    return describeCompiler(command, machine, macros);
  }
  const answer = probe(command);
  if (key !== undefined && typeof answer !== "string") {
    const { machine, macros } = answer;
    store?.write(key, new TextEncoder().encode(JSON.stringify({ machine, macros })));
  }
  return answer;
}

/** A compiler, or the reason why not. */
function probe(command: readonly string[]): Compiler | string {
  const refusals: string[] = [];
  for (const machine of [["-march=native"], ["-mcpu=native"], []]) {
    const answer = runCompiler(command, [...machine, "-dM", "-E", "-x", "c", "-"], "");
    if (answer.failure === undefined) return describeCompiler(command, machine, answer.output);
    refusals.push(answer.failure);
  }
  return refusals[0] as string;
}

function describeCompiler(command: readonly string[], machine: readonly string[], macros: string): Compiler {
  const values = new Map(
    macros.split("\n").map((line) => {
      const [, name = "", value = ""] = /^#define (\S+) ?(.*)$/.exec(line) ?? [];
      return [name, value] as const;
    }),
  );
  const clang = values.has("__clang__");
  const version = (values.get("__VERSION__") ?? "of unknown version").replaceAll('"', "");
  const wide = ["__AVX512F__", "__AVX512DQ__", "__AVX512VL__"].every((name) => values.has(name));
  const shuffles = clang || Number(values.get("__GNUC__") ?? 0) >= 12;
  return {
    command,
    name: clang ? version : `GCC ${version}`,
    macros,
    machine,
    optimisation: optimisationOf(clang ? "clang" : Number(values.get("__GNUC__") ?? 0)),
    features: {
      vectorBytes: wide ? 64 : values.has("__AVX2__") ? 32 : 16,
      instructions: wide ? "avx512" : values.has("__AVX2__") ? "avx" : "none",
      shuffles,
    },
  };
}

/**
 * Loops come blocked, unrolled and in vectors, so that little is left to gain: with GCC 12 the code of -O1 runs as fast as
 * that of -O2 and -O3 (within 1 % on seven training steps) once products and sums may be contracted, which is what
 * -fexpensive-optimizations is for; joining instructions two at a time, not four, is a third of the time of compiling.
 * Following single bits and pointers finds nothing in such code (the machine code is the same), and is a quarter of it.
 * Registers given out for a function as a whole, not loop by loop, run as fast (within 1 % on eleven workloads), and save a
 * third of the time on long loops.
 */
function optimisationOf(compiler: "clang" | number): readonly string[] {
  if (compiler === "clang") return ["-O2"];
  const joining = compiler >= 9 ? ["--param=max-combine-insns=2"] : [];
  return ["-O1", "-fexpensive-optimizations", "-fno-tree-bit-ccp", "-fno-tree-pta", "-fira-region=one", ...joining];
}

/** Where a library is made: the source lies in the folder. */
export interface BuildFiles {
  readonly folder: string;
  readonly source: string;
  readonly library: string;
}

/**
 * Makes a library.
 *
 * Errors: the compiler fails: its first message is shown.
 */
export function compile(compiler: Compiler, flags: readonly string[], { folder, source, library }: BuildFiles): void {
  requireSuccess(compiler, runCompiler(compiler.command, [...flags, "-o", library, source, "-lm"], "", folder));
}

/**
 * As `compile`, by two compilers at once: each takes the half of the source that PART names. A shell waits for both,
 * since starting a process and waiting for it is one call here.
 */
export function compileHalves(
  compiler: Compiler,
  flags: readonly string[],
  { folder, source, library }: BuildFiles,
): void {
  const half = (part: 1 | 2): string => `"$@" -DPART=${part} -c -o ${part}.o ${source}`;
  const script = `${half(1)} & first=$!; ${half(2)}; second=$?
wait $first && [ $second = 0 ] && "$@" -o ${library} 1.o 2.o -lm && rm 1.o 2.o`;
  requireSuccess(compiler, runCompiler(["sh", "-c", script, "sh", ...compiler.command], flags, "", folder));
}

function requireSuccess({ name }: Compiler, { failure }: Answer): void {
  if (failure === undefined) return;
  throw new TensorError(
    `Cannot compile to machine code: expected ${name} to compile, got ${failure}`,
    "Try another compiler in the environment variable CC, or use wasm().",
    "no-machine-code",
  );
}

interface Answer {
  readonly output: string;
  /** What went wrong, in one line. */
  readonly failure?: string;
}

function runCompiler(command: readonly string[], flags: readonly string[], input: string, folder?: string): Answer {
  const [program = "", ...first] = command;
  const { status, signal, error, stdout, stderr } = spawnSync(program, [...first, ...flags], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 26,
    ...(folder === undefined ? {} : { cwd: folder }),
  });
  if (status === 0) return { output: stdout };
  if (error !== undefined) return { output: "", failure: describeError(error) };
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const message = lines.find((line) => /\berror\b/.test(line)) ?? lines[0];
  return { output: "", failure: message?.trim() ?? (signal === null ? `exit status ${status}` : `signal ${signal}`) };
}

function describeError(error: Error): string {
  return "code" in error && error.code === "ENOENT" ? "not found" : error.message;
}
