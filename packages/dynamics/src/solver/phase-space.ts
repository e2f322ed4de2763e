/**
 * States made of positions and momenta, as the splitting solvers need them.
 *
 * In: a state that is either an object with two entries, positions first (`{ q, p }`, `{ q, v }`), or one tensor whose
 * last axis holds all positions and then all momenta. Out: its two halves, and the state put together again.
 */
import { concatenate, sizeOf, slice, type Tensor, TensorError } from "@leastaction/tensor";
import { tensorsOf } from "../nn/tensor-tree.ts";

/** The halves of a state, each a tree. */
export interface Halves {
  readonly positions: unknown;
  readonly momenta: unknown;
}

/**
 * The halves of a state or of its derivative.
 * Errors: a state of another form, halves of unequal size.
 */
export function halvesOf(y: unknown): Halves {
  if (isLeafTensor(y)) return halvesOfTensor(y);
  const entries: unknown[] = typeof y === "object" && y !== null && !Array.isArray(y) ? Object.values(y) : [];
  const [positions, momenta] = entries;
  if (entries.length !== 2 || count(positions) !== count(momenta)) {
    refuse(`one with ${entries.length} entries of ${entries.map(count).join(" and ")} numbers`);
  }
  return { positions, momenta };
}

/** The state of the form of `like` with these halves. */
export function joinHalves<Y>(like: Y, { positions, momenta }: Halves): Y {
  if (isLeafTensor(like)) return concatenate([positions as Tensor, momenta as Tensor], -1) as Y;
  const [first, second] = Object.keys(like as object) as [string, string];
  return { [first]: positions, [second]: momenta } as Y;
}

function halvesOfTensor(y: Tensor): Halves {
  const axis = y.shape.length - 1;
  const extent = y.shape[axis] ?? 0;
  if (extent === 0 || extent % 2 !== 0) refuse(`a tensor with ${extent} numbers along its last axis`);
  return { positions: slice(y, axis, 0, extent / 2), momenta: slice(y, axis, extent / 2) };
}

function isLeafTensor(y: unknown): y is Tensor {
  return typeof y === "object" && y !== null && "dtype" in y && "shape" in y;
}

function count(tree: unknown): number {
  return tensorsOf(tree).reduce((total, { shape }) => total + sizeOf(shape), 0);
}

function refuse(found: string): never {
  throw new TensorError(
    `Cannot split a state: expected an object of positions and momenta, or a tensor of both, got ${found}`,
    "Use a state like { q, p } with halves of equal size, or a solver that takes any state.",
  );
}
