/**
 * A tensor with samples as a stack of tiles, and back: [… batch …] and [tiles, …, tile], short tiles filled up.
 */
import { allocate, type HostArray } from "../../dtype.ts";
import type { Atom, Constant, TensorType } from "../../program/program.ts";
import { sizeOf } from "../../shape.ts";
import type { Rewriter } from "../simplify/rewriter.ts";

/** How a batch is cut. */
export interface Cut {
  readonly extent: number;
  /** Samples of a tile. */
  readonly tile: number;
  readonly tiles: number;
  /** Lanes to which sums over samples are folded as they are carried on: the tile, or a part of it. */
  readonly lanes: number;
  /** Loops that the tiles are divided into, side by side: a divisor of `tiles`; one unless said otherwise. */
  readonly chunks?: number;
}

/** The type of the stack. */
export function stackType({ dtype, shape }: TensorType, axis: number, { tile, tiles }: Cut): TensorType {
  return { dtype, shape: [tiles, ...shape.filter((_, i) => i !== axis), tile] };
}

/** The stack of a tensor that is known while compiling; filled up with copies of its last sample. */
export function stackConstant(constant: Constant, axis: number, cut: Cut): Constant {
  const { type, value } = constant;
  const stacked = stackType(type, axis, cut);
  if (typeof value === "number") return { kind: "constant", type: stacked, value };
  const before = sizeOf(type.shape.slice(0, axis));
  const after = sizeOf(type.shape.slice(axis + 1));
  const data: HostArray = allocate(type.dtype, sizeOf(stacked.shape));
  let next = 0;
  for (let from = 0; from < cut.tiles * cut.tile; from += cut.tile) {
    for (let i = 0; i < before; i++) {
      for (let k = 0; k < after; k++) {
        for (let lane = 0; lane < cut.tile; lane++) {
          const sample = Math.min(from + lane, cut.extent - 1);
          data[next++] = value[(i * cut.extent + sample) * after + k] as number;
        }
      }
    }
  }
  return { kind: "constant", type: stacked, value: data };
}

/** The stack of a tensor; filled up with copies of its last sample, so that nothing is divided by zero there alone. */
export function stackTiles(rewriter: Rewriter, atom: Atom, axis: number, { extent, tile, tiles }: Cut): Atom {
  const { shape } = atom.type;
  const rest = shape.filter((_, i) => i !== axis);
  const first = ordered(rewriter, [axis, ...shape.flatMap((_, i) => (i === axis ? [] : [i]))], atom);
  const missing = tiles * tile - extent;
  const filled =
    missing === 0 ? first : rewriter.one("concatenate", { axis: 0 }, [first, lastOf(rewriter, first, missing)]);
  const cut = rewriter.one("reshape", { shape: [tiles, tile, ...rest] }, [filled]);
  return ordered(rewriter, [0, ...rest.map((_, i) => i + 2), 1], cut);
}

/** The axes in another order, if it is another: what stays as it is needs no memory of its own. */
function ordered(rewriter: Rewriter, permutation: readonly number[], atom: Atom): Atom {
  return permutation.every((axis, i) => axis === i) ? atom : rewriter.one("transpose", { permutation }, [atom]);
}

/** The last entry along the first axis, some times. */
function lastOf(rewriter: Rewriter, atom: Atom, times: number): Atom {
  const [extent, ...rest] = atom.type.shape as readonly [number, ...number[]];
  const none = rest.map(() => 0);
  const limit = [extent, ...rest];
  const last = rewriter.one("slice", { start: [extent - 1, ...none], limit, stride: limit.map(() => 1) }, [atom]);
  const one = rewriter.one("reshape", { shape: rest }, [last]);
  return rewriter.one("broadcast", { shape: [times, ...rest], axes: rest.map((_, i) => i + 1) }, [one]);
}

/** The tensor of a stack, its batch axis back at `axis`. */
export function unstackTiles(rewriter: Rewriter, stack: Atom, axis: number, { extent, tile, tiles }: Cut): Atom {
  const rest = stack.type.shape.slice(1, -1);
  const turned = ordered(rewriter, [0, rest.length + 1, ...rest.map((_, i) => i + 1)], stack);
  const joined = rewriter.one("reshape", { shape: [tiles * tile, ...rest] }, [turned]);
  const shape = [extent, ...rest];
  const real =
    tiles * tile === extent
      ? joined
      : rewriter.one("slice", { start: shape.map(() => 0), limit: shape, stride: shape.map(() => 1) }, [joined]);
  const order = rest.map((_, i) => i + 1);
  order.splice(axis, 0, 0);
  return ordered(rewriter, order, real);
}

/** Which samples of each tile are real: bool [tiles, tile]. */
export function realSamples({ extent, tile, tiles }: Cut): Constant {
  const data = allocate("bool", tiles * tile);
  data.fill(1, 0, extent);
  return { kind: "constant", type: { dtype: "bool", shape: [tiles, tile] }, value: data };
}
