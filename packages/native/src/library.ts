/**
 * Loads a compiled library and binds its entries, by koffi. Everything that knows koffi is here.
 *
 * A library stays loaded for the life of the process: unloading code is what goes wrong with foreign libraries.
 */
import { createRequire } from "node:module";
import { TensorError } from "@leastaction/tensor";

/** The entries of a library. */
export interface Library {
  /** Runs the driver on the arena at this address, which has room for so many threads. */
  readonly run: (arena: number, threads: number) => void;
  /** Runs one kernel at offsets from this address, in the mode of a run; the ms that it took. */
  readonly time: (kernel: number, arena: number, offsets: Float64Array) => number;
  /** Where the bytes of a buffer are. */
  readonly address: (buffer: Uint8Array) => number;
}

type Koffi = typeof import("koffi");

const loaded = new Map<string, Library>();

/** Where the threads are that all libraries share; 0 before the first one that has some. */
let pool = 0;

/**
 * The library at a path, loaded once.
 *
 * Errors: koffi has no binary for this system; the library cannot be loaded.
 */
export function loadLibrary(path: string): Library {
  const before = loaded.get(path);
  if (before !== undefined) return before;
  const koffi = requireKoffi();
  try {
    const handle = koffi.load(path);
    const library: Library = {
      run: handle.func("leastaction_run", "void", ["size_t", "int"]) as Library["run"],
      time: handle.func("leastaction_time", "double", ["size_t", "size_t", "double *"]) as Library["time"],
      address: handle.func("leastaction_address", "size_t", ["void *"]) as Library["address"],
    };
    pool = (handle.func("leastaction_pool", "size_t", ["size_t"]) as (other: number) => number)(pool);
    loaded.set(path, library);
    return library;
  } catch (error) {
    throw refusal(`that ${path} can be loaded`, error);
  }
}

function requireKoffi(): Koffi {
  try {
    return createRequire(import.meta.url)("koffi") as Koffi;
  } catch (error) {
    throw refusal("that koffi can be loaded", error);
  }
}

function refusal(expected: string, error: unknown): TensorError {
  const found = error instanceof Error ? error.message.split("\n")[0] : String(error);
  return new TensorError(
    `Cannot run machine code: expected ${expected}, got ${found}`,
    "Use wasm(), or reinstall the package with its optional dependencies for this system.",
    "no-machine-code",
  );
}
