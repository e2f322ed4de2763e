/**
 * The top of a C text: vector types and small functions, each written once and only when something asks for it.
 *
 * What the machine and the compiler offer is known (`CFeatures`), so that the text holds no conditions: it is made for
 * one machine. Names: `f32x16` is a vector of 16 floats, `f32x16u` the same anywhere in memory.
 */
import type { DType } from "@leastaction/tensor";

/** What C may use; see `compiler.ts` for how it is found. */
export interface CFeatures {
  /** Bytes of a vector register. */
  readonly vectorBytes: 16 | 32 | 64;
  /** Instructions named in assembly: with 512 bits, with up to 256 bits, or none (other processors). */
  readonly instructions: "avx512" | "avx" | "none";
  /** Whether `__builtin_shufflevector` is there. */
  readonly shuffles: boolean;
}

/** Definitions collected in the order of first use. */
export interface Prelude {
  readonly features: CFeatures;
  /** The name of a type; a vector type is defined at its first use. */
  type(element: CElement, lanes: number): string;
  /** The name of a function that `write` defines; `write` is called at most once for a name. */
  define(name: string, write: () => string): string;
  text(): string;
}

/** Elements of C: `i64` only as masks and bits of `f64`. */
export type CElement = "f32" | "f64" | "i32" | "u32" | "i64";

const scalars: { readonly [E in CElement]: string } = {
  f32: "float",
  f64: "double",
  i32: "int",
  u32: "unsigned",
  i64: "long long",
};

/** The C element of each element type; bool is int32 0 or 1, or a mask when it has lanes. */
export const elementOf: { readonly [D in DType]: CElement } = {
  float32: "f32",
  float64: "f64",
  int32: "i32",
  uint32: "u32",
  bool: "i32",
};

/** Bytes of one element. */
export function elementBytes(element: CElement): 4 | 8 {
  return element === "f64" || element === "i64" ? 8 : 4;
}

/** An empty prelude. */
export function createPrelude(features: CFeatures): Prelude {
  const lines: string[] = [];
  const known = new Set<string>();
  const once = (name: string, write: () => string): string => {
    if (!known.has(name)) {
      known.add(name);
      // What a definition uses is defined while it is written, and so comes before it.
      const text = write();
      lines.push(text);
    }
    return name;
  };
  return {
    features,
    define: once,
    type: (element, lanes) => {
      if (lanes === 1) return scalars[element];
      const bytes = elementBytes(element);
      return once(`${element}x${lanes}`, () => defineVector(`${element}x${lanes}`, scalars[element], bytes, lanes));
    },
    text: () => lines.join("\n"),
  };
}

function defineVector(name: string, scalar: string, bytes: number, lanes: number): string {
  const size = `vector_size(${bytes * lanes})`;
  return [
    `typedef ${scalar} ${name} __attribute__((${size}));`,
    `typedef ${scalar} ${name}u __attribute__((${size}, aligned(4)));`,
  ].join("\n");
}

/** The head of a function that is always put where it is called. */
export const inlined = "static inline __attribute__((always_inline))";
