/**
 * A program for one tile under construction: the body of the loop over tiles, or of a loop inside it.
 */
import {
  type Atom,
  type Constant,
  type Equation,
  fill,
  type TensorType,
  type Variable,
  variable,
} from "../../program/program.ts";
import { sizeOf } from "../../shape.ts";
import { createRewriter, type Rewriter } from "../simplify/rewriter.ts";
import type { Batch } from "./batch.ts";
import type { PartialForm, PartialSums } from "./partial-sums.ts";

/** What is the same for all frames of a region. */
export interface TileContext {
  readonly batch: Batch;
  readonly sums: PartialSums;
  /** Samples of a tile, and the lanes to which sums over them are folded. */
  readonly tile: number;
  readonly lanes: number;
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

/** The type of a partial sum of a tensor of this type. */
export function partialType(
  { tile, lanes }: TileContext,
  { dtype, shape }: TensorType,
  form: PartialForm | undefined,
): TensorType {
  if (form === undefined || form === "reduced") return { dtype, shape };
  return { dtype, shape: [...shape, form === "lanes" ? tile : lanes] };
}

/** The tile's tensor of a partial sum in a given form; a constant zero has every form. */
export function readPartial(frame: Frame, atom: Atom, form: PartialForm): Atom {
  const { rewriter, sums, tile, lanes } = frame;
  if (atom.kind === "constant") return form === "reduced" ? atom : fill(partialType(frame, atom.type, form), 0);
  const value = frame.values.get(atom) as Atom;
  const own = sums.get(atom);
  if (own === form || (form === "folded" && lanes === tile)) return value;
  const last = value.type.shape.length - 1;
  if (form === "reduced") {
    const isMasked = own === "folded" && lanes < tile;
    return rewriter.one("reduceSum", { axes: [last] }, [isMasked ? value : masking(frame, value)]);
  }
  const shape = [...value.type.shape.slice(0, -1), tile / lanes, lanes];
  const rows = rewriter.one("reshape", { shape }, [maskingFactor(frame, value)]);
  return rewriter.one("reduceSum", { axes: [last] }, [rows]);
}

/** Zero where a sample is not real; the samples are the last axis. */
export function masking({ rewriter, mask }: Pick<Frame, "rewriter" | "mask">, value: Atom): Atom {
  const flags = mask();
  if (flags === undefined) return value;
  const { shape } = value.type;
  const spreadFlags = rewriter.one("broadcast", { shape, axes: [shape.length - 1] }, [flags]);
  return rewriter.one("select", {}, [spreadFlags, value, fill(value.type, 0)]);
}

/**
 * The same, done to the smallest of what a value of samples is a multiple of: so it is done once for many of its multiples,
 * or for a few numbers that all of them share.
 */
export function maskingFactor(frame: Pick<Frame, "rewriter" | "mask">, value: Atom): Atom {
  const { rewriter } = frame;
  if (frame.mask() === undefined) return value;
  const equation = rewriter.definition(value);
  if (equation === undefined) return masking(frame, value);
  const { primitive, parameters, inputs } = equation;
  const remade = (place: number): Atom => {
    const masked = inputs.map((input, i) => (i === place ? maskingFactor(frame, input) : input));
    return rewriter.one(primitive, parameters as never, masked);
  };
  if (primitive === "neg") return remade(0);
  if (primitive === "broadcast" && hasSamples(equation)) return remade(0);
  if (primitive !== "mul") return masking(frame, value);
  const sizes = inputs.map((input) => sizeOfSamples(rewriter, input));
  const least = Math.min(...sizes);
  return least < sizeOf(value.type.shape) ? remade(sizes.indexOf(least)) : masking(frame, value);
}

/** Whether the operand of a broadcast has the samples, last there and last here. */
function hasSamples({ parameters, inputs, outputs }: Equation): boolean {
  const { axes } = parameters as Equation<"broadcast">["parameters"];
  const extents = (outputs[0] as Variable).type.shape;
  return axes.at(-1) === extents.length - 1 && (inputs[0] as Atom).type.shape.at(-1) === extents.at(-1);
}

/** Elements of what a value with samples repeats; infinite where that has none. */
function sizeOfSamples(rewriter: Rewriter, value: Atom): number {
  const equation = rewriter.definition(value);
  if (equation?.primitive === "neg") return sizeOfSamples(rewriter, equation.inputs[0] as Atom);
  if (equation?.primitive !== "broadcast") return value.kind === "constant" ? Infinity : sizeOf(value.type.shape);
  return hasSamples(equation) ? sizeOfSamples(rewriter, equation.inputs[0] as Atom) : Infinity;
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
