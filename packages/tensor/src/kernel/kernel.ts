/**
 * The language between lowering and the targets: what a target must be able to print, and nothing else.
 *
 * A `Module` owns one arena of memory, a set of kernels (functions of straight loops over it) and a driver (the order
 * in which kernels are called, with the loops that hold them). Everything is explicit: addresses, loop bounds, lanes.
 * A target decides nothing; it prints.
 *
 * Lanes. An expression has 1 lane (a scalar) or `lanes` of the kernel (a vector); where vectors have more than 16 bytes,
 * the ends of loops may use vectors of a half, a quarter, … down to 16 bytes. Vectors hold elements of one dtype;
 * a kernel that touches float64 has half as many lanes as one that touches only 4-byte types. `bool` values are masks
 * in registers and int32 0 or 1 in memory. Element types in memory: float32, float64, int32, uint32, bool (4 bytes).
 */
import type { DType, HostArray } from "../dtype.ts";

/** Byte address: a kernel's parameter (a base given by the driver) plus `offset` bytes plus `stride * index` bytes. */
export interface Address {
  /** Which address parameter of the kernel. */
  readonly base: number;
  readonly offset: number;
  readonly terms: readonly { readonly loop: LoopVariable; readonly stride: number }[];
  /** Optional further offset in bytes computed at run time (int32, one lane): gathers and scatters. */
  readonly dynamic?: Expression;
}

/** The counter of a loop; compared by identity. */
export interface LoopVariable {
  readonly kind: "loopVariable";
  readonly name: string;
}

/** A mutable register of a kernel (an accumulator) or a named value that is used more than once; by identity. */
export interface Local {
  readonly kind: "local";
  readonly name: string;
  readonly dtype: DType;
  readonly lanes: number;
}

/**
 * Operators that every target has; on float32 and float64 as IEEE 754 with no contraction, on integers modulo 2^32.
 * `max` and `min` of floats give NaN when either is NaN, and order -0 below +0. `round` is to nearest, ties to even.
 * `div` of integers truncates; by zero it gives 0, and the least int32 by -1 gives itself. Shift counts are taken modulo
 * 32; `shiftRight` keeps the sign of int32. `not` is the complement of bits, or of a truth value.
 */
export type KernelUnary = "neg" | "abs" | "sqrt" | "floor" | "ceil" | "round" | "not";
/** Both operands have one type; comparisons give bool. */
export type KernelBinary =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "max"
  | "min"
  | "and"
  | "or"
  | "xor"
  | "shiftLeft"
  | "shiftRight"
  | "less"
  | "lessEqual"
  | "equal"
  | "notEqual";

/** A pure value. `dtype` and `lanes` are those of the result (a comparison has dtype bool). */
export type Expression =
  | { readonly kind: "number"; readonly dtype: DType; readonly lanes: number; readonly value: number }
  | { readonly kind: "local"; readonly dtype: DType; readonly lanes: number; readonly local: Local }
  /** The loop counter as int32; with lanes > 1: counter, counter + 1, … */
  | { readonly kind: "index"; readonly dtype: "int32"; readonly lanes: number; readonly loop: LoopVariable }
  /**
   * lanes > 1: `contiguous` reads neighbouring elements from the address on; `splat` reads one and repeats it;
   * `strided` reads lane l at address + l * stride bytes.
   */
  | {
      readonly kind: "load";
      readonly dtype: DType;
      readonly lanes: number;
      readonly address: Address;
      readonly access: Access;
    }
  | {
      readonly kind: "unary";
      readonly dtype: DType;
      readonly lanes: number;
      readonly op: KernelUnary;
      readonly a: Expression;
    }
  | {
      readonly kind: "binary";
      readonly dtype: DType;
      readonly lanes: number;
      readonly op: KernelBinary;
      readonly a: Expression;
      readonly b: Expression;
    }
  | {
      readonly kind: "select";
      readonly dtype: DType;
      readonly lanes: number;
      readonly condition: Expression;
      readonly a: Expression;
      readonly b: Expression;
    }
  /** Value conversion, as the primitive `convert`. */
  | { readonly kind: "convert"; readonly dtype: DType; readonly lanes: number; readonly a: Expression }
  /** The same bits as another type: float32 with int32 or uint32, int32 with uint32. */
  | { readonly kind: "bitcast"; readonly dtype: DType; readonly lanes: number; readonly a: Expression }
  /** float64 to its high or low 32 bits, and back from two int32. */
  | { readonly kind: "highBits" | "lowBits"; readonly dtype: "int32"; readonly lanes: number; readonly a: Expression }
  | {
      readonly kind: "fromBits";
      readonly dtype: "float64";
      readonly lanes: number;
      readonly high: Expression;
      readonly low: Expression;
    }
  /** Lanes of `a` and `b` by turns, from their lower or upper halves: a0 b0 a1 b1 …; not of bool. */
  | {
      readonly kind: "interleave";
      readonly dtype: DType;
      readonly lanes: number;
      readonly half: "low" | "high";
      readonly a: Expression;
      readonly b: Expression;
    }
  /** One lane to all. */
  | { readonly kind: "splat"; readonly dtype: DType; readonly lanes: number; readonly a: Expression }
  /** All lanes to one, as the tree ((l0 op l1) op (l2 op l3)). */
  | {
      readonly kind: "horizontal";
      readonly dtype: DType;
      readonly lanes: 1;
      readonly op: "add" | "max" | "min";
      readonly a: Expression;
    };

/** Where the lanes of a vector are in memory, from its address on. */
export type Access =
  | { readonly kind: "contiguous" }
  | { readonly kind: "splat" }
  | { readonly kind: "strided"; readonly stride: number };

/** What a kernel does, in order. */
export type Statement =
  /** Defines (first time) or changes a local. */
  | { readonly kind: "set"; readonly local: Local; readonly value: Expression }
  | { readonly kind: "store"; readonly address: Address; readonly access: Access; readonly value: Expression }
  /** Counter from `from` while below `to`, by `step`; bounds are compile-time numbers. */
  | {
      readonly kind: "loop";
      readonly loop: LoopVariable;
      readonly from: number;
      readonly to: number;
      readonly step: number;
      readonly body: readonly Statement[];
    }
  /**
   * Runs the body when the condition (bool) holds in any lane. What the body sets, it sets in all lanes: select. A
   * local that is read after the branch is set before it too.
   */
  | { readonly kind: "branch"; readonly condition: Expression; readonly body: readonly Statement[] }
  /**
   * Runs the body again and again as long as the condition (bool) holds in any lane; it is asked before every turn. As in
   * a branch, what the body sets it sets in all lanes, and what is read in the condition or after the loop is set before.
   */
  | { readonly kind: "while"; readonly condition: Expression; readonly body: readonly Statement[] };

/** A function of loops over memory; called by the driver with one base address for each parameter. */
export interface Kernel {
  readonly name: string;
  /** Number of address parameters. */
  readonly parameters: number;
  readonly body: readonly Statement[];
  /** What it does, for `explain`: the equations it came from, operations and bytes of one call. */
  readonly note: { readonly equations: readonly string[]; readonly operations: number; readonly bytes: number };
}

/** A base address in the driver: bytes from the start of the arena, plus `stride` bytes per count of enclosing loops. */
export interface DriverAddress {
  readonly offset: number;
  readonly terms: readonly { readonly loop: LoopVariable; readonly stride: number }[];
}

/** The driver: calls in order, and the loops of `scan` and `while`. */
export type Step =
  | { readonly kind: "call"; readonly kernel: number; readonly addresses: readonly DriverAddress[] }
  /** Counter 0 … length-1, or down to 0 when `reverse`; the length is the int32 at `length`, cut to 0 … bound. */
  | {
      readonly kind: "repeat";
      readonly loop: LoopVariable;
      readonly length: DriverAddress | number;
      readonly bound: number;
      readonly reverse: boolean;
      readonly body: readonly Step[];
    }
  /** Runs `condition`, then reads the int32 at `flag`; while it is not 0 runs `body` and again `condition`. */
  | {
      readonly kind: "while";
      readonly condition: readonly Step[];
      readonly flag: DriverAddress;
      readonly body: readonly Step[];
    }
  /**
   * Turns that do not depend on each other: on as many threads as there are, in any order, whichever thread takes which.
   * The turns of all parts are numbered in one row; `worker` is the number of the thread, from 0 on. None inside another.
   */
  | { readonly kind: "parallel"; readonly worker: LoopVariable; readonly parts: readonly ParallelPart[] }
  /** Moves bytes (ranges do not overlap). */
  | { readonly kind: "copy"; readonly from: DriverAddress; readonly to: DriverAddress; readonly bytes: number }
  /** Sets bytes to zero. */
  | { readonly kind: "clear"; readonly at: DriverAddress; readonly bytes: number };

/** Turns with one body: counter 0 … count-1. */
export interface ParallelPart {
  readonly loop: LoopVariable;
  readonly count: number;
  readonly body: readonly Step[];
}

/** A place of a tensor in the arena. */
export interface Slot {
  readonly offset: number;
  readonly dtype: DType;
  readonly elements: number;
}

/** The arena of a module: what those need who load it and run it whole. */
export interface Layout {
  /** Bytes of the arena, all tensors included; every slot is aligned to 64 bytes. */
  readonly arenaBytes: number;
  /** Threads that have room in the arena; none where it has no parallel steps. */
  readonly threads?: number | undefined;
  /** The largest tensors of the arena in words, for the message of a target that has no room. */
  readonly largest?: readonly string[];
  /** Written once when the module is loaded. */
  readonly constants: readonly { readonly slot: Slot; readonly data: HostArray }[];
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
}

/** Everything a target needs to make a step run. */
export interface Module extends Layout {
  readonly kernels: readonly Kernel[];
  readonly driver: readonly Step[];
}

/**
 * How close elementary functions are to the truth: `full` within 2 units of the last place (erfc, the gamma functions and
 * polygamma: see docs/accuracy.md); `fast` within 6 where that is cheaper (exp, log and log1p in float32, tanh, sin and cos in both), the same elsewhere. Next to zeros of sin and cos
 * that are far from 0, `fast` means an absolute error within 2^-34 in float32 and 2^-64 in float64; numbers below 2^-126
 * count as 0 in its exp and log.
 */
export type Accuracy = "full" | "fast";

/** What lowering needs to know of a target. */
export interface TargetTraits {
  /** Bytes of a vector register: 16 for Wasm SIMD, 64 for AVX-512. */
  readonly vectorBytes: number;
  /** Vector registers available to a kernel. */
  readonly registers: number;
  /** Of elementary functions; `full` unless said otherwise. */
  readonly accuracy?: Accuracy;
}
