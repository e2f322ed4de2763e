/**
 * A program for one tile under construction: the body of the loop over tiles, or of a loop inside it.
 */
import { type Atom, type Constant, fill, type TensorType, type Variable, variable } from "../../program/program.ts";
import { createRewriter, type Rewriter } from "../simplify/rewriter.ts";
import type { Batch } from "./batch.ts";
import type { PartialForm, PartialSums } from "./partial-sums.ts";

/** What is the same for all frames of a region. */
export interface TileContext {
  readonly batch: Batch;
  readonly sums: PartialSums;
  /** Samples of a tile. */
  readonly tile: number;
}

/** A body and what it reads from outside. */
export interface Frame extends TileContext {
  readonly rewriter: Rewriter;
  /** The tile's tensor of each variable. */
  readonly values: Map<Variable, Atom>;
  /** A variable of the program outside, with samples (its batch axis) or without. */
  readonly outer: (variable: Variable) => Atom;
  /** An array with samples along `axis`. */
  readonly samplesOf: (constant: Constant, axis: number) => Atom;
  /** Which samples of a tile are real; undefined where all are. */
  readonly mask: () => Atom | undefined;
}

/** The type of a tensor in a tile. */
export function tileType({ dtype, shape }: TensorType, axis: number, tile: number): TensorType {
  return { dtype, shape: [...shape.filter((_, i) => i !== axis), tile] };
}

/** A frame that looks up what it lacks in this way. */
export function createFrame(context: TileContext, lookUp: Pick<Frame, "outer" | "samplesOf" | "mask">): Frame {
  return { ...context, ...lookUp, rewriter: createRewriter({}), values: new Map() };
}

/** The tile's tensor of an atom whose batch axis is `axis` (-1: none); partial sums as they are kept. */
export function read(frame: Frame, atom: Atom, axis: number): Atom {
  if (atom.kind === "variable") return frame.values.get(atom) ?? frame.outer(atom);
  if (axis < 0) return atom;
  if (typeof atom.value === "number") return fill(tileType(atom.type, axis, frame.tile), atom.value);
  return frame.samplesOf(atom, axis);
}

/** The tile's tensor of a partial sum in a given form; a constant zero has every form. */
export function readPartial(frame: Frame, atom: Atom, form: PartialForm): Atom {
  if (atom.kind === "constant") {
    return form === "reduced" ? atom : fill(tileType(atom.type, atom.type.shape.length, frame.tile), 0);
  }
  const value = frame.values.get(atom) as Atom;
  if (frame.sums.get(atom) === form) return value;
  const masked = masking(frame, value);
  return frame.rewriter.one("reduceSum", { axes: [value.type.shape.length - 1] }, [masked]);
}

/** Zero where a sample is not real; the samples are the last axis. */
export function masking({ rewriter, mask }: Pick<Frame, "rewriter" | "mask">, value: Atom): Atom {
  const flags = mask();
  if (flags === undefined) return value;
  const { shape } = value.type;
  const spreadFlags = rewriter.one("broadcast", { shape, axes: [shape.length - 1] }, [flags]);
  return rewriter.one("select", {}, [spreadFlags, value, fill(value.type, 0)]);
}

/** Body inputs made on first use, by what they are bound to outside. */
export function createInputs<Outer extends object>(): {
  readonly all: () => readonly (readonly [Outer, Variable])[];
  readonly find: (outer: Outer, type: TensorType) => Variable;
} {
  const made = new Map<Outer, Variable>();
  return {
    all: () => [...made],
    find: (outer, type) => {
      const before = made.get(outer);
      if (before !== undefined) return before;
      const input = variable(type);
      made.set(outer, input);
      return input;
    },
  };
}
