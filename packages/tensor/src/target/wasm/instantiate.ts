/**
 * A module made ready to run: compiled, its constants written, its slots readable and writable as host arrays.
 *
 * Everything is synchronous. Nothing is imported but by modules that are divided between threads. The memory has a fixed
 * size, so views stay valid.
 */
import type { HostArray } from "../../dtype.ts";
import { TensorError } from "../../errors.ts";
import type { Layout, Module, Slot } from "../../kernel/kernel.ts";
import { readSlot, writeSlot } from "../../kernel/slot.ts";
import { bytesInWords } from "../../lower/largest-tensors.ts";
import type { TimedModule } from "../../lower/profile.ts";
import { emitModule, sharedPages } from "./emit-module.ts";
import { createTeam, type Team, type TeamWork } from "./team.ts";

// The part of the WebAssembly interface that is used; hosts have it, the language library of TypeScript does not.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly Memory: new (pages: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => SharedMemory;
};

interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

declare const performance: { now(): number };

/** A module in memory. */
export interface Instance {
  /** The arena. */
  readonly memory: ArrayBufferLike;
  /** The threads that run what is divided; none where one does it alone. */
  readonly team: Team | undefined;
  /** Runs the driver once. */
  run(): void;
  /** Copies an array of the slot's type and size into the arena; a number fills the slot. */
  write(slot: Slot, data: HostArray | number): void;
  /** A copy of the slot. */
  read(slot: Slot): HostArray;
  /** The same code on a copy of the arena as it stands, to be measured. */
  timed(): TimedModule;
}

/** Bytes that the addresses of a memory can name: 65536 pages. */
const memoryLimit = 2 ** 32;

/**
 * Compiles and loads a module; constants are written.
 *
 * Errors: a module that needs more memory than addresses reach, or than the host gives.
 */
export function instantiate(module: Module): Instance {
  return loadBinary(emitFitting(module), module);
}

/** The binary of a module. Errors: one that needs more memory than addresses reach. */
export function emitFitting(module: Module, isShared = false): Uint8Array {
  if (module.arenaBytes > memoryLimit) throw roomError(module, `at most ${bytesInWords(memoryLimit)}`);
  return emitModule(module, isShared);
}

/**
 * Loads the binary of a module with this layout, whose memory is shared if that was said when it was made; constants are
 * written. Errors: the host has not the memory.
 */
export function loadBinary(bytes: Uint8Array, layout: Layout, isShared = false): Instance {
  const code = new WebAssembly.Module(bytes);
  const { memory, run, team } = load(code, layout, isShared);
  const instance: Instance = {
    memory,
    team,
    run,
    write: (slot, data) => writeSlot(memory, slot, data),
    read: (slot) => readSlot(memory, slot),
    timed: () => timedCopy(load(code, layout, isShared), memory),
  };
  for (const { slot, data } of layout.constants) instance.write(slot, data);
  return instance;
}

interface Loaded {
  readonly memory: ArrayBufferLike;
  readonly team: Team | undefined;
  readonly run: () => void;
  readonly kernel: (number: number) => (...offsets: readonly number[]) => void;
}

function load(code: object, layout: Layout, isShared: boolean): Loaded {
  const { threads = 0 } = layout;
  const shared = isShared && threads > 0 ? sharedMemory(layout) : undefined;
  let exports: Readonly<Record<string, (...values: readonly number[]) => void>> = {};
  const tasks: ((worker: number, turn: number) => void)[] = [];
  const run: TeamWork["run"] = (task, turn) => {
    const found = tasks[task] ?? (exports[`task${task}`] as (worker: number, turn: number) => void);
    tasks[task] = found;
    found(0, turn);
  };
  const team = shared && createTeam({ module: code, memory: shared, threads, run });
  const alone: Team["divide"] = (task, turns) => {
    for (let turn = 0; turn < turns; turn++) run(task, turn);
  };
  const divide = team?.divide ?? alone;
  exports = instanceOf(code, layout, { host: { memory: shared, divide } }).exports as typeof exports;
  const { buffer } = shared ?? (exports.memory as unknown as { readonly buffer: ArrayBuffer });
  return { memory: buffer, team, run: exports.run as () => void, kernel: (number) => exports[number] as () => void };
}

function sharedMemory(layout: Layout): SharedMemory {
  const pages = sharedPages(layout.arenaBytes);
  return withRoom(layout, () => new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }));
}

function instanceOf(
  code: object,
  layout: Layout,
  imports: object,
): { readonly exports: Readonly<Record<string, unknown>> } {
  return withRoom(layout, () => new WebAssembly.Instance(code, imports));
}

function withRoom<T>(layout: Layout, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw roomError(layout, `memory that the host has (${error.message})`);
  }
}

function roomError({ arenaBytes, largest = [] }: Layout, expected: string): TensorError {
  return new TensorError(
    `Cannot prepare a program for WebAssembly: expected ${expected}, got ${bytesInWords(arenaBytes)} (the largest: ${largest.join(", ")})`,
    "Use native() of @leastaction/native, smaller batches, or fewer steps in one program.",
    "no-memory",
  );
}

function timedCopy({ memory, run, kernel }: Loaded, from: ArrayBufferLike): TimedModule {
  new Uint8Array(memory).set(new Uint8Array(from));
  const timeOf = (work: (...offsets: readonly number[]) => void, offsets: readonly number[]): number => {
    const start = performance.now();
    work(...offsets);
    return performance.now() - start;
  };
  const clock = Math.min(...Array.from({ length: 100 }, () => timeOf(() => undefined, [])));
  return {
    view: new DataView(memory),
    run,
    time: (number, offsets) => Math.max(0, timeOf(kernel(number), offsets) - clock),
  };
}
