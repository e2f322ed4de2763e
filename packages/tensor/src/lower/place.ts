/**
 * Places: where tensors are before the arena is laid out, and the driver in terms of them.
 *
 * A buffer is a piece of memory of known size and unknown offset; a place is a position in one that may move with the
 * counters of enclosing loops. `memory-plan.ts` gives buffers their offsets from the order of the steps.
 */
import type { DriverAddress, LoopVariable } from "../kernel/kernel.ts";

/** Memory to be placed; compared by identity. */
export interface Buffer {
  readonly bytes: number;
  /** The loops inside which it was made: it holds nothing from one turn of the innermost to the next. */
  readonly loops: readonly LoopToken[];
  /** `always`: never shared (inputs, constants); `kept`: not reused after it is first written (outputs). */
  readonly life: "always" | "kept" | "temporary";
}

/** Stands for one loop of the driver; compared by identity. What is made inside a parallel one each thread has for itself. */
export interface LoopToken {
  readonly kind: "loopToken";
  readonly isParallel?: boolean;
}

/** A position in a buffer. */
export interface Place {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly terms: DriverAddress["terms"];
}

/** Parameters of a call: each of the results may share memory with one of the operands. */
export interface Sharable {
  readonly results: readonly Place[];
  readonly operands: readonly Place[];
}

/** The driver's steps over places. */
export type PlacedStep =
  | {
      readonly kind: "call";
      readonly kernel: number;
      readonly places: readonly Place[];
      readonly over: readonly Sharable[];
    }
  | {
      readonly kind: "repeat";
      readonly token: LoopToken;
      readonly loop: LoopVariable;
      readonly length: Place | number;
      readonly bound: number;
      readonly reverse: boolean;
      readonly body: readonly PlacedStep[];
    }
  | {
      readonly kind: "while";
      readonly token: LoopToken;
      readonly condition: readonly PlacedStep[];
      readonly flag: Place;
      readonly body: readonly PlacedStep[];
    }
  | {
      readonly kind: "parallel";
      readonly token: LoopToken;
      readonly parts: readonly {
        readonly loop: LoopVariable;
        readonly count: number;
        readonly body: readonly PlacedStep[];
      }[];
    }
  | { readonly kind: "copy"; readonly from: Place; readonly to: Place; readonly bytes: number }
  | { readonly kind: "clear"; readonly at: Place; readonly bytes: number };

/** The whole of a buffer. */
export function wholeOf(buffer: Buffer): Place {
  return { buffer, offset: 0, terms: [] };
}

/** Whether two places are the same for every value of the counters. */
export function samePlace(a: Place, b: Place): boolean {
  return (
    a.buffer === b.buffer &&
    a.offset === b.offset &&
    a.terms.length === b.terms.length &&
    a.terms.every(({ loop, stride }, i) => loop === b.terms[i]?.loop && stride === b.terms[i]?.stride)
  );
}

/** The places that a step names itself, loop bodies excluded. */
export function placesIn(step: PlacedStep): readonly Place[] {
  switch (step.kind) {
    case "call":
      return step.places;
    case "repeat":
      return typeof step.length === "number" ? [] : [step.length];
    case "while":
      return [step.flag];
    case "parallel":
      return [];
    case "copy":
      return [step.from, step.to];
    case "clear":
      return [step.at];
  }
}
