/**
 * A tensor as separate tensors, one for each index of its short axes.
 */
import { allocate } from "../../dtype.ts";
import type { Atom, Constant } from "../../program/program.ts";
import { sizeOf, stridesOf } from "../../shape.ts";
import type { Rewriter } from "../simplify/rewriter.ts";

/** The parts of a tensor. */
export interface Entries {
  /** The axes that are taken apart, in order. */
  readonly axes: readonly number[];
  /** Row-major over those axes; each has the other axes. */
  readonly atoms: readonly Atom[];
}

/** Axes of at most this extent are taken apart. */
const shortest = 6;
/** Most parts of one tensor. */
const mostEntries = 16;

/** The axes of a shape that are taken apart: short ones, while there are few parts. */
export function shortAxes(shape: readonly number[]): number[] {
  if (shape.every((extent) => extent > shortest)) return [];
  let count = 1;
  const chosen = new Set<number>();
  const byExtent = shape.map((_, axis) => axis).sort((a, b) => (shape[a] as number) - (shape[b] as number));
  for (const axis of byExtent) {
    const extent = shape[axis] as number;
    if (extent === 0 || extent > shortest || count * extent > mostEntries) continue;
    chosen.add(axis);
    count *= extent;
  }
  return shape.flatMap((_, axis) => (chosen.has(axis) ? [axis] : []));
}

/** All index tuples of these extents, row-major. */
export function indicesOf(extents: readonly number[]): number[][] {
  return extents.reduce<number[][]>(
    (before, extent) => before.flatMap((index) => Array.from({ length: extent }, (_, i) => [...index, i])),
    [[]],
  );
}

/** The row-major number of an index tuple. */
export function numberOf(index: readonly number[], extents: readonly number[]): number {
  return index.reduce((number, i, axis) => number * (extents[axis] as number) + i, 0);
}

/** What is left of a list by axis when some are taken out. */
export function without<T>(list: readonly T[], axes: readonly number[]): T[] {
  return list.filter((_, axis) => !axes.includes(axis));
}

/** The part of a tensor at an index of some axes. */
export function partOf(rewriter: Rewriter, atom: Atom, axes: readonly number[], index: readonly number[]): Atom {
  const { shape, dtype } = atom.type;
  if (axes.length === 0) return atom;
  const rest = without(shape, axes);
  if (atom.kind === "constant") {
    if (typeof atom.value === "number") return { kind: "constant", type: { dtype, shape: rest }, value: atom.value };
    return partOfArray(atom, axes, index);
  }
  const start = shape.map((_, axis) => (axes.includes(axis) ? (index[axes.indexOf(axis)] as number) : 0));
  const limit = shape.map((extent, axis) => (axes.includes(axis) ? (start[axis] as number) + 1 : extent));
  const part = rewriter.one("slice", { start, limit, stride: shape.map(() => 1) }, [atom]);
  return rewriter.one("reshape", { shape: rest }, [part]);
}

function partOfArray({ type, value }: Constant, axes: readonly number[], index: readonly number[]): Constant {
  const { shape, dtype } = type;
  const strides = stridesOf(shape);
  const rest = without(shape, axes);
  const restStrides = without(strides, axes);
  const first = axes.reduce((offset, axis, i) => offset + (strides[axis] as number) * (index[i] as number), 0);
  const data = allocate(dtype, sizeOf(rest));
  const from = value as Exclude<Constant["value"], number>;
  const counter = rest.map(() => 0);
  let offset = first;
  for (let i = 0; i < data.length; i++) {
    data[i] = from[offset] as number;
    for (let axis = rest.length - 1; axis >= 0; axis--) {
      counter[axis] = (counter[axis] as number) + 1;
      offset += restStrides[axis] as number;
      if ((counter[axis] as number) < (rest[axis] as number)) break;
      offset -= (restStrides[axis] as number) * (rest[axis] as number);
      counter[axis] = 0;
    }
  }
  return { kind: "constant", type: { dtype, shape: rest }, value: data };
}

/** The tensor of its parts. */
export function joinEntries(rewriter: Rewriter, { axes, atoms }: Entries, shape: readonly number[]): Atom {
  if (axes.length === 0) return atoms[0] as Atom;
  const single = shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  let parts = atoms.map((atom) => rewriter.one("reshape", { shape: single }, [atom]));
  for (const axis of axes.toReversed()) {
    const extent = shape[axis] as number;
    const groups = Array.from({ length: parts.length / extent }, (_, i) => parts.slice(i * extent, (i + 1) * extent));
    parts = groups.map((group) => (extent === 1 ? (group[0] as Atom) : rewriter.one("concatenate", { axis }, group)));
  }
  return parts[0] as Atom;
}
