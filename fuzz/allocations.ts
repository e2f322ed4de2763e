/**
 * The largest piece of memory that is asked for at once, seen by the constructors of buffers and of arrays, by
 * `Array.from`, by texts that are repeated, and by WebAssembly memories.
 *
 * A request counts whether it is granted or not. Modules that keep a constructor in a variable are seen only when they
 * are loaded after `watchAllocations`.
 */

/** What is asked for. */
export interface AllocationWatch {
  /** Bytes of the largest request since the last call; 0 where nothing was asked for. */
  largest(): number;
  /** Ends the watch: the constructors are the machine's own again. */
  end(): void;
}

type Constructor = abstract new (...given: never[]) => object;

const views = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const;

/** Begins to watch the allocations of this thread. */
export function watchAllocations(): AllocationWatch {
  let largest = 0;
  const note = (bytes: number): void => {
    if (bytes > largest) largest = bytes;
  };
  const restore = [
    watchConstructor(ArrayBuffer, ([length]) => note(Number(length))),
    watchConstructor(Array, ([length]) => note(typeof length === "number" ? 8 * length : 0), "untold"),
    ...views.map((View) => watchConstructor(View, ([given]) => note(lengthOf(given) * View.BYTES_PER_ELEMENT))),
    watchMethod(Array, "from", ([given]) => note(8 * lengthOf(given))),
    watchMethod(String.prototype, "repeat", ([count]) => note(Number(count))),
    watchMethod(String.prototype, "padEnd", ([length]) => note(Number(length))),
    watchMethod(String.prototype, "padStart", ([length]) => note(Number(length))),
    watchMethod(WebAssembly.Memory.prototype, "grow", ([pages]) => note(65_536 * Number(pages))),
  ];
  return {
    largest: () => {
      const found = largest;
      largest = 0;
      return found;
    },
    end: () => {
      for (const undo of restore) undo();
    },
  };
}

/** Elements that a constructor is asked for; views of a buffer that exists ask for none. */
function lengthOf(given: unknown): number {
  if (typeof given === "number") return given;
  if (given === null || typeof given !== "object" || given instanceof ArrayBuffer) return 0;
  const { length } = given as { readonly length?: unknown };
  return typeof length === "number" ? length : 0;
}

/** @param instances whether they are told of the watched constructor too; arrays would be slow ever after */
function watchConstructor(
  original: Constructor,
  see: (given: readonly unknown[]) => void,
  instances: "told" | "untold" = "told",
): () => void {
  const { name } = original;
  const watched = new Proxy(original, {
    construct: (target, given, newTarget) => {
      see(given);
      return Reflect.construct(target as never, given, newTarget) as object;
    },
  });
  const put = (value: Constructor): void => {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    if (instances === "untold") return;
    // `slice` and `map` make arrays by the constructor of the array that they are called on.
    Object.defineProperty(original.prototype, "constructor", {
      value,
      configurable: true,
      writable: true,
    });
  };
  put(watched);
  return () => put(original);
}

function watchMethod(holder: object, name: string, see: (given: readonly unknown[]) => void): () => void {
  const original = Reflect.get(holder, name) as (...given: unknown[]) => unknown;
  const put = (value: typeof original): void =>
    void Object.defineProperty(holder, name, { value, configurable: true, writable: true });
  put(function watched(this: unknown, ...given: unknown[]) {
    see(given);
    return Reflect.apply(original, this, given);
  });
  return () => put(original);
}
