/**
 * Cumulative sums in blocks of about the root of their number: within all blocks at once, then of the blocks' totals. The
 * longest chain of additions is short, and so is the error.
 */
import { broadcastTo } from "../../ops/broadcasting.ts";
import { add } from "../../ops/elementwise.ts";
import { at, expandDimensions, moveAxis, pad, reshape, reverse as reversed, slice, zeros } from "../../ops/movement.ts";
import { plainScan } from "../../ops/plain-scan.ts";
import type { Tensor } from "../../trace/tensor.ts";
import type { Definition } from "./definition.ts";

/** The most elements that are added one after another. */
const longest = 32;

/** See `library/cumulative.ts`. */
export const cumulativeSum: Definition<"cumulativeSum"> = ({ axis, reverse }, [x]) => {
  const front = moveAxis(x as Tensor, axis, 0);
  const sums = reverse ? reversed(sumsOf(reversed(front, 0)), 0) : sumsOf(front);
  return [moveAxis(sums, 0, axis)];
};

/** Along the first axis. */
function sumsOf(x: Tensor): Tensor {
  const [extent, ...rest] = x.shape as readonly [number, ...number[]];
  if (extent <= longest) return inOrder(x);
  const length = Math.ceil(Math.sqrt(extent));
  const blocks = Math.ceil(extent / length);
  const padded = pad(x, 0, 0, blocks * length - extent);
  const within = inOrder(moveAxis(reshape(padded, [blocks, length, ...rest]), 1, 0));
  const totals = sumsOf(at(within, -1));
  const before = pad(slice(totals, 0, 0, blocks - 1), 0, 1, 0);
  const sums = add(within, broadcastTo(expandDimensions(before, 0), within.shape));
  return slice(reshape(moveAxis(sums, 0, 1), [blocks * length, ...rest]), 0, 0, extent);
}

function inOrder(x: Tensor): Tensor {
  const start = zeros(x.shape.slice(1), x.dtype);
  const [, sums] = plainScan(
    (total: Tensor, slice_: Tensor) => {
      const next = add(total, slice_);
      return [next, next] as const;
    },
    start,
    x,
  );
  return sums;
}
