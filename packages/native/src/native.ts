/**
 * The target of the system's processor: programs become C, C becomes machine code by the system's compiler.
 *
 * One static arena of JavaScript, aligned to 64 bytes; no allocation and no host call inside a step. Vectors are as wide
 * as the processor has them. The same program gives the same bits on the same machine and compiler; on another they may
 * differ only in the order of sums, since vectors may be wider there (and by `contract`).
 */
import { type Executable, type HostTensor, type Program, type Target, TensorError } from "@leastaction/tensor";
import {
  type Accuracy,
  type Layout,
  type Module,
  readSlot,
  type Slot,
  type TargetTraits,
  writeSlot,
} from "@leastaction/tensor/kernel";
import {
  bytesInWords,
  type CodeMaker,
  checkThreads,
  explainModule,
  kernelFacts,
  type LowerOptions,
  makeCode,
  profileModule,
  type ScheduleOptions,
  type TimedModule,
} from "@leastaction/tensor/lower";
import { type BuildOptions, buildKey, buildLibrary, hasLibrary, libraryFile } from "./build-library.ts";
import { defaultCacheFolder, openCache } from "./cache.ts";
import { findCompiler } from "./compiler.ts";
import { fileStore, programsIn } from "./file-store.ts";
import { type Library, loadLibrary } from "./library.ts";

/** How code is made. */
export interface NativeOptions {
  /** The command of a C compiler, GCC or Clang; default: the environment variable CC, else `cc`, `gcc`, `clang`. */
  readonly compiler?: string;
  /** Where compiled code is kept; default `$XDG_CACHE_HOME/leastaction/native`, else `~/.cache/leastaction/native`. */
  readonly cacheFolder?: string;
  /**
   * Whether numbers below the normal range (2^-126 in float32, 2^-1022 in float64) are taken as zero in a step; default
   * true. They arise when weights decay, and make some processors 100 times slower. The mode is put back after each run.
   */
  readonly flushToZero?: boolean;
  /** Whether a * b + c may be rounded once; default false, which gives the results of other targets. */
  readonly contract?: boolean;
  /** Decisions of the schedule that are not to be the usual ones. */
  readonly schedule?: ScheduleOptions;
  /**
   * Of elementary functions: `full` (within 2 units of the last place; default), or `fast` (within 6 for tanh, sin, cos
   * and, in float32, exp, log, log1p: see `Accuracy`).
   */
  readonly accuracy?: Accuracy;
  /**
   * Threads that a step may use, 1 to 256; undefined: work is not divided. How it is divided is decided by the program: the
   * results for any number are the same, to the last bit, but sums may be added in another order than undivided. More than
   * the machine has processors gain nothing.
   */
  readonly threads?: number | undefined;
}

/**
 * The target that compiles programs to machine code; synchronous, for Node.
 *
 * Errors: no C compiler works; the cache folder can be written by others; koffi has no binary for this system. A
 * compiler that fails later does so when a program is prepared.
 */
export function native(options: NativeOptions = {}): Target {
  const { accuracy = "full", schedule = {}, threads } = options;
  checkThreads(threads);
  const build = readyOptions(options);
  const maker = codeMaker(build, accuracy);
  return {
    name: "native",
    synchronous: true,
    prepare: (program, donate) => prepare(program, { donate, schedule, threads }, build, maker),
  };
}

/** Whether `native()` with these options works here: a small module is compiled, or found in the cache, and run. */
export function nativeAvailable(options: NativeOptions = {}): { readonly ok: boolean; readonly reason: string } {
  try {
    const build = readyOptions(options);
    start(empty, build).run();
    return { ok: true, reason: `${build.compiler.name}, vectors of ${build.compiler.features.vectorBytes} bytes` };
  } catch (error) {
    if (error instanceof TensorError) return { ok: false, reason: error.message };
    throw error;
  }
}

const empty: Module = { kernels: [], driver: [], arenaBytes: 64, constants: [], inputs: [], outputs: [] };

function readyOptions({ compiler, cacheFolder, flushToZero, contract }: NativeOptions): BuildOptions {
  const folder = cacheFolder ?? defaultCacheFolder();
  openCache(folder);
  const found = findCompiler(compiler, fileStore({ folder: programsIn(folder) }));
  return { compiler: found, cacheFolder: folder, flushToZero: flushToZero ?? true, contract: contract ?? false };
}

/** Libraries under their keys are the code; the store of programs says which library a program has. */
function codeMaker(build: BuildOptions, accuracy: Accuracy): CodeMaker {
  return {
    traits: codeTraits(build, accuracy),
    key: ["native", ...buildKey(build)],
    store: fileStore({ folder: programsIn(build.cacheFolder) }),
    make: (module) => new TextEncoder().encode(buildLibrary(module, build)),
    isGood: (code) => hasLibrary(new TextDecoder().decode(code), build),
  };
}

/** What lowering is told of the processor. */
export function codeTraits({ compiler: { features } }: BuildOptions, accuracy: Accuracy = "full"): TargetTraits {
  return { vectorBytes: features.vectorBytes, registers: features.instructions === "avx" ? 16 : 32, accuracy };
}

/** A module in memory, ready to run. */
export interface Instance {
  run(): void;
  write(slot: Slot, data: Parameters<typeof writeSlot>[2]): void;
  read(slot: Slot): HostTensor["data"];
  /** The same code on a copy of the arena as it stands, to be measured. */
  timed(): TimedModule;
}

/** Compiles and loads a module in an arena of its own; constants are written. */
export function start(module: Module, build: BuildOptions): Instance {
  return load(module, libraryFile(buildLibrary(module, build), build));
}

function load(layout: Layout, file: string): Instance {
  const library = loadLibrary(file);
  const { memory, skip, first } = allocateArena(layout, library);
  const shifted = (slot: Slot): Slot => ({ ...slot, offset: slot.offset + skip });
  for (const { slot, data } of layout.constants) writeSlot(memory, shifted(slot), data);
  return {
    run: () => library.run(first, layout.threads ?? 1),
    write: (slot, data) => writeSlot(memory, shifted(slot), data),
    read: (slot) => readSlot(memory, shifted(slot)),
    timed: () => timedCopy(layout, library, new Uint8Array(memory, skip, layout.arenaBytes)),
  };
}

/** No kernel has this number: what is left of its time is that of reading the clock. */
const noKernel = 2 ** 31;

function timedCopy(layout: Layout, library: Library, from: Uint8Array): TimedModule {
  const { arenaBytes } = layout;
  const { memory, skip, first } = allocateArena(layout, library);
  new Uint8Array(memory, skip).set(from);
  const time = (kernel: number, offsets: readonly number[]): number =>
    library.time(kernel, first, Float64Array.from(offsets));
  const clock = Math.min(...Array.from({ length: 100 }, () => time(noKernel, [])));
  return {
    view: new DataView(memory, skip, arenaBytes),
    run: () => library.run(first, layout.threads ?? 1),
    time: (kernel, offsets) => Math.max(0, time(kernel, offsets) - clock),
  };
}

const alignment = 64;

/** Memory with an aligned part of this size: `skip` bytes from its start, at the address `first`. */
interface Arena {
  readonly memory: ArrayBuffer;
  readonly skip: number;
  readonly first: number;
}

function allocateArena(layout: Layout, library: Library): Arena {
  const view = allocateBytes(layout);
  const address = library.address(view);
  const skip = (alignment - (address % alignment)) % alignment;
  return { memory: view.buffer, skip, first: address + skip };
}

function allocateBytes({ arenaBytes, largest = [] }: Layout): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(new ArrayBuffer(arenaBytes + alignment));
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new TensorError(
      `Cannot prepare a program: expected ${bytesInWords(arenaBytes)} of memory (the largest: ${largest.join(", ")}), got ${found}`,
      "Use smaller batches, or fewer steps in one program.",
      "no-memory",
    );
  }
}

function prepare(program: Program, options: LowerOptions, build: BuildOptions, maker: CodeMaker): Executable {
  const { layout, code, module } = makeCode(program, options, maker);
  const instance = load(layout, libraryFile(new TextDecoder().decode(code), build));
  const read = (slot: Slot | undefined, like: { readonly type: Omit<HostTensor, "data"> } | undefined): HostTensor => {
    const { dtype, shape } = (like as { type: Omit<HostTensor, "data"> }).type;
    return { dtype, shape, data: instance.read(slot as Slot) };
  };
  return {
    write: (input, value) => instance.write(layout.inputs[input] as Slot, value.data),
    run: () => instance.run(),
    runAsync: async () => instance.run(),
    readInput: (input) => read(layout.inputs[input], program.inputs[input]),
    readOutput: (output) => read(layout.outputs[output], program.outputs[output]),
    bytes: layout.arenaBytes + alignment,
    explain: () => explainModule(module()),
    kernels: () => kernelFacts(module()),
    profile: (steps) => profileModule(module(), instance.timed(), steps),
  };
}
