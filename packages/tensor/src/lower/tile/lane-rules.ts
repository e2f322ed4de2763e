/**
 * One equation of a program rewritten for a tile: the batch axis taken out of its place and put last.
 *
 * With the samples of a tile as the last axis of every tensor they are the lanes of vectors, and what is a number for
 * one sample (a weight, a step size) is one for all of them. A partial sum that keeps its samples apart has an axis of
 * them although the program's tensor has none: as if it had been the last.
 */
import type { Parameters, PrimitiveName } from "../../program/primitive.ts";
import { type Atom, fill } from "../../program/program.ts";
import type { Rewriter } from "../simplify/rewriter.ts";

/** A tensor of the program as the tile sees it. */
export interface Operand {
  /** The tile's tensor: without the batch axis, and with the samples last if it has them. */
  readonly atom: Atom;
  /** Where the samples were in the program's tensor (its rank for a partial sum's); -1: it has none. */
  readonly axis: number;
}

/** What a rule is told. */
export interface LaneCall<P extends PrimitiveName> {
  readonly rewriter: Rewriter;
  /** Samples of a tile. */
  readonly tile: number;
  readonly parameters: Parameters[P];
  readonly operands: readonly Operand[];
  /** Where the samples are in the program's result. */
  readonly axis: number;
}

type LaneRule<P extends PrimitiveName> = (call: LaneCall<P>) => Atom;

/** The place of axis `index` once the batch axis is out. */
const placeOf = (index: number, axis: number): number => (axis >= 0 && index > axis ? index - 1 : index);

const without = <T>(list: readonly T[], axis: number): T[] => list.filter((_, i) => i !== axis);

/** The operand with samples, as every elementwise primitive wants it. */
export function spread(rewriter: Rewriter, { atom, axis }: Operand, tile: number): Atom {
  if (axis >= 0) return atom;
  const shape = [...atom.type.shape, tile];
  if (atom.kind === "constant" && typeof atom.value === "number") {
    return fill({ dtype: atom.type.dtype, shape }, atom.value);
  }
  return rewriter.one("broadcast", { shape, axes: atom.type.shape.map((_, i) => i) }, [atom]);
}

const broadcast: LaneRule<"broadcast"> = ({ rewriter, tile, parameters: { shape, axes }, operands, axis }) => {
  const [operand] = operands as readonly [Operand];
  const wanted = [...without(shape, axis), tile];
  if (operand.axis >= 0) {
    const places = without(axes, operand.axis).map((place) => placeOf(place, axis));
    return rewriter.one("broadcast", { shape: wanted, axes: [...places, wanted.length - 1] }, [operand.atom]);
  }
  // An axis of one that repeats over the batch has nothing to say here.
  const kept = axes.filter((place) => place !== axis);
  const extents = operand.atom.type.shape.filter((_, i) => axes[i] !== axis);
  const atom = kept.length === axes.length ? operand.atom : rewriter.one("reshape", { shape: extents }, [operand.atom]);
  return rewriter.one("broadcast", { shape: wanted, axes: kept.map((place) => placeOf(place, axis)) }, [atom]);
};

const transpose: LaneRule<"transpose"> = ({ rewriter, parameters: { permutation }, operands, axis }) => {
  const [operand] = operands as readonly [Operand];
  const order = without(permutation, axis).map((from) => placeOf(from, operand.axis));
  return rewriter.one("transpose", { permutation: [...order, order.length] }, [operand.atom]);
};

const reduction =
  <P extends "reduceSum" | "reduceMax" | "reduceMin">(primitive: P): LaneRule<P> =>
  ({ rewriter, parameters, operands }) => {
    const [operand] = operands as readonly [Operand];
    const axes = parameters.axes.map((index) => placeOf(index, operand.axis));
    return rewriter.one(primitive, { axes } as never, [operand.atom]);
  };

const dot: LaneRule<"dot"> = ({ rewriter, parameters: { contract, batch }, operands }) => {
  const [left, right] = operands as readonly [Operand, Operand];
  const last = (operand: Operand): number => operand.atom.type.shape.length - 1;
  const places = (list: readonly number[], operand: Operand): number[] =>
    list.map((index) => (index === operand.axis ? last(operand) : placeOf(index, operand.axis)));
  const contracted = [places(contract[0], left), places(contract[1], right)] as const;
  const own = [places(batch[0], left), places(batch[1], right)] as const;
  const free = (operand: Operand, side: 0 | 1): number =>
    operand.atom.type.shape.length - contracted[side].length - own[side].length - (operand.axis >= 0 ? 1 : 0);
  const along = own[0].length;
  const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
  if (left.axis >= 0 && right.axis >= 0) {
    // The samples run along: they come out in front, as the last of the batch axes.
    const pair = own[0].indexOf(last(left));
    const samplesLast = own.map((axes) => [...without(axes, pair), axes[pair] as number]) as [number[], number[]];
    const product = rewriter.one("dot", { contract: contracted, batch: samplesLast }, [left.atom, right.atom]);
    const others = range(along, product.type.shape.length - along);
    return rewriter.one("transpose", { permutation: [...range(0, along - 1), ...others, along - 1] }, [product]);
  }
  if (right.axis >= 0) return rewriter.one("dot", { contract: contracted, batch: own }, [left.atom, right.atom]);
  const exchanged = rewriter.one("dot", { contract: [contracted[1], contracted[0]], batch: [own[1], own[0]] }, [
    right.atom,
    left.atom,
  ]);
  const [rightFree, leftFree] = [free(right, 1), free(left, 0)];
  const permutation = [
    ...range(0, along),
    ...range(along + rightFree, leftFree),
    ...range(along, rightFree),
    along + rightFree + leftFree,
  ];
  return rewriter.one("transpose", { permutation }, [exchanged]);
};

const rules: { readonly [P in PrimitiveName]?: LaneRule<P> } = {
  broadcast,
  transpose,
  dot,
  reduceSum: reduction("reduceSum"),
  reduceMax: reduction("reduceMax"),
  reduceMin: reduction("reduceMin"),
  reshape: ({ rewriter, tile, parameters: { shape }, operands: [operand], axis }) =>
    rewriter.one("reshape", { shape: [...without(shape, axis), tile] }, [(operand as Operand).atom]),
  reverse: ({ rewriter, parameters: { axes }, operands: [operand] }) => {
    const { atom, axis } = operand as Operand;
    return rewriter.one("reverse", { axes: axes.map((index) => placeOf(index, axis)) }, [atom]);
  },
  slice: ({ rewriter, tile, parameters: { start, limit, stride }, operands: [operand] }) => {
    const { atom, axis } = operand as Operand;
    const parameters = {
      start: [...without(start, axis), 0],
      limit: [...without(limit, axis), tile],
      stride: [...without(stride, axis), 1],
    };
    return rewriter.one("slice", parameters, [atom]);
  },
  pad: ({ rewriter, parameters, operands: [operand] }) => {
    const { atom, axis } = operand as Operand;
    const at = (list: readonly number[]): number[] => [...without(list, axis), 0];
    const { low, high, interior } = parameters;
    return rewriter.one("pad", { low: at(low), high: at(high), interior: at(interior) }, [atom]);
  },
  concatenate: ({ rewriter, tile, parameters, operands, axis }) => {
    const parts = operands.map((operand) => spread(rewriter, operand, tile));
    return rewriter.one("concatenate", { axis: placeOf(parameters.axis, axis) }, parts);
  },
  iota: ({ rewriter, tile, parameters, axis }) => {
    const shape = [...without(parameters.shape, axis), tile];
    return rewriter.one("iota", { dtype: parameters.dtype, shape, axis: placeOf(parameters.axis, axis) }, []);
  },
};

/** The tile's results of an equation whose results have samples. */
export function emitWithLanes<P extends PrimitiveName>(primitive: P, call: LaneCall<P>): readonly Atom[] {
  const rule = rules[primitive] as LaneRule<P> | undefined;
  if (rule !== undefined) return [rule(call)];
  const inputs = call.operands.map((operand) => spread(call.rewriter, operand, call.tile));
  return call.rewriter.emit(primitive, call.parameters, inputs);
}
