/**
 * A contraction with a tiny extent is not a matrix product.
 *
 * Contracted extent at most 4: a sum of that many products of slices, by element. Free extent of one operand at most 4:
 * for each of its free indices a product with the other operand, in the other operand's own axes, and a sum; so it
 * shares loops with whatever made that operand. The rest stays a dot, with its operands in the order that makes a
 * following transpose vanish.
 */
import type { Parameters } from "../../program/primitive.ts";
import type { Atom } from "../../program/program.ts";
import type { Rewriter, Rule, Rules } from "./rewriter.ts";

/** Extents up to this are expanded. */
const tiny = 4;

interface Side {
  readonly atom: Atom;
  readonly contract: readonly number[];
  readonly batch: readonly number[];
  readonly free: readonly number[];
}

function sideOf(atom: Atom, { contract, batch }: Parameters["dot"], side: 0 | 1): Side {
  const free = atom.type.shape.flatMap((_, axis) =>
    contract[side].includes(axis) || batch[side].includes(axis) ? [] : [axis],
  );
  return { atom, contract: contract[side], batch: batch[side], free };
}

const extentsOf = ({ atom }: Side, axes: readonly number[]): number[] =>
  axes.map((axis) => atom.type.shape[axis] as number);

const sizeAt = ({ atom }: Side, axes: readonly number[]): number =>
  axes.reduce((size, axis) => size * (atom.type.shape[axis] as number), 1);

const dot: Rule<"dot"> = (rewriter, parameters, inputs) => {
  const left = sideOf(inputs[0] as Atom, parameters, 0);
  const right = sideOf(inputs[1] as Atom, parameters, 1);
  const contracted = sizeAt(left, left.contract);
  if (contracted <= tiny && contracted > 0) return expandContracted(rewriter, left, right);
  const leftFree = sizeAt(left, left.free);
  const rightFree = sizeAt(right, right.free);
  if (contracted * sizeAt(left, left.batch) * leftFree * rightFree === 0) return undefined;
  if (rightFree <= tiny && rightFree <= leftFree) return expandFree(rewriter, left, right, false);
  return leftFree <= tiny ? expandFree(rewriter, right, left, true) : undefined;
};

/** All index tuples of these extents, the last fastest. */
function indices(extents: readonly number[]): number[][] {
  return extents.reduce<number[][]>(
    (before, extent) => before.flatMap((index) => Array.from({ length: extent }, (_, i) => [...index, i])),
    [[]],
  );
}

/** The part of an operand at given indices of some axes, those axes dropped. */
function pick(rewriter: Rewriter, atom: Atom, axes: readonly number[], index: readonly number[]): Atom {
  const { shape } = atom.type;
  const start = shape.map((_, axis) => (axes.includes(axis) ? (index[axes.indexOf(axis)] as number) : 0));
  const limit = shape.map((extent, axis) => (axes.includes(axis) ? (start[axis] as number) + 1 : extent));
  const part = rewriter.one("slice", { start, limit, stride: shape.map(() => 1) }, [atom]);
  return rewriter.one("reshape", { shape: shape.filter((_, axis) => !axes.includes(axis)) }, [part]);
}

/** Axes of `atom`, in the order of `axes`, placed in `shape`. */
function place(rewriter: Rewriter, atom: Atom, places: readonly number[], shape: readonly number[]): Atom {
  const order = places.map((_, i) => i).sort((a, b) => (places[a] as number) - (places[b] as number));
  const sorted = rewriter.one("transpose", { permutation: order }, [atom]);
  return rewriter.one("broadcast", { shape, axes: order.map((i) => places[i] as number) }, [sorted]);
}

/** Where each axis of `list` stands once the axes `dropped` are gone. */
function positionsWithout(list: readonly number[], dropped: readonly number[]): number[] {
  return list.map((axis) => axis - dropped.filter((other) => other < axis).length);
}

function expandContracted(rewriter: Rewriter, left: Side, right: Side): Atom {
  const shape = [...extentsOf(left, left.batch), ...extentsOf(left, left.free), ...extentsOf(right, right.free)];
  const batch = left.batch.length;
  const placed = (side: Side, index: readonly number[], firstFree: number): Atom => {
    const part = pick(rewriter, side.atom, side.contract, index);
    const places = new Array<number>(part.type.shape.length);
    positionsWithout(side.batch, side.contract).forEach((axis, i) => {
      places[axis] = i;
    });
    positionsWithout(side.free, side.contract).forEach((axis, i) => {
      places[axis] = firstFree + i;
    });
    return place(rewriter, part, places, shape);
  };
  const terms = indices(extentsOf(left, left.contract)).map((index) =>
    rewriter.one("mul", {}, [placed(left, index, batch), placed(right, index, batch + left.free.length)]),
  );
  return terms.reduce((total, term) => rewriter.one("add", {}, [total, term]));
}

/** `small` has few free entries: one product with `big` and one sum for each. */
function expandFree(rewriter: Rewriter, big: Side, small: Side, smallFirst: boolean): Atom {
  const entries = indices(extentsOf(small, small.free)).map((index) => {
    const part = pick(rewriter, small.atom, small.free, index);
    const places = new Array<number>(part.type.shape.length);
    positionsWithout(small.batch, small.free).forEach((axis, i) => {
      places[axis] = big.batch[i] as number;
    });
    positionsWithout(small.contract, small.free).forEach((axis, i) => {
      places[axis] = big.contract[i] as number;
    });
    const product = rewriter.one("mul", {}, [big.atom, place(rewriter, part, places, big.atom.type.shape)]);
    const summed = rewriter.one("reduceSum", { axes: big.contract }, [product]);
    const order = positionsWithout([...big.batch, ...big.free], big.contract);
    return rewriter.one("transpose", { permutation: order }, [summed]);
  });
  const batch = extentsOf(big, big.batch);
  const free = extentsOf(big, big.free);
  const at = smallFirst ? batch.length : batch.length + free.length;
  const single = [...batch, ...(smallFirst ? [1, ...free] : [...free, 1])];
  const columns = entries.map((entry) => rewriter.one("reshape", { shape: single }, [entry]));
  const joined = rewriter.one("concatenate", { axis: at }, columns);
  const smallFree = extentsOf(small, small.free);
  const shape = [...batch, ...(smallFirst ? [...smallFree, ...free] : [...free, ...smallFree])];
  return rewriter.one("reshape", { shape }, [joined]);
}

/** `transpose(dot(a, b))` that only exchanges the free axes is `dot(b, a)`. */
function exchangeFree(rewriter: Rewriter, permutation: readonly number[], x: Atom): Atom | undefined {
  const before = rewriter.definition(x);
  if (before?.primitive !== "dot") return undefined;
  const parameters = before.parameters as Parameters["dot"];
  const left = sideOf(before.inputs[0] as Atom, parameters, 0);
  const right = sideOf(before.inputs[1] as Atom, parameters, 1);
  const batch = left.batch.length;
  const wanted = [
    ...left.batch.map((_, i) => i),
    ...right.free.map((_, i) => batch + left.free.length + i),
    ...left.free.map((_, i) => batch + i),
  ];
  if (wanted.some((axis, i) => axis !== permutation[i])) return undefined;
  const { contract, batch: axes } = parameters;
  return rewriter.one("dot", { contract: [contract[1], contract[0]], batch: [axes[1], axes[0]] }, [
    right.atom,
    left.atom,
  ]);
}

/** Rules of contractions. */
export const contractionRules: Rules = { dot };

/** Puts the exchange of a dot's operands before another rule of transpose. */
export function withExchange(rule: Rule<"transpose">): Rule<"transpose"> {
  return (rewriter, parameters, inputs) =>
    exchangeFree(rewriter, parameters.permutation, inputs[0] as Atom) ?? rule(rewriter, parameters, inputs);
}
