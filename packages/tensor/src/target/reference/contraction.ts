/**
 * Meaning of `dot`: three nested walks over batch and free axes, and the contracted ones.
 */
import { allocate, isFloat } from "../../dtype.ts";
import type { HostTensor } from "../../pytree.ts";
import { sizeOf, stridesOf } from "../../shape.ts";
import type { Evaluator } from "./evaluator.ts";
import { walk } from "./movement.ts";

/** Positions of the elements of a tensor over some of its axes, in row-major order of those axes. */
function offsets({ shape }: HostTensor, axes: readonly number[]): number[] {
  const strides = stridesOf(shape);
  const positions: number[] = [];
  walk(
    axes.map((axis) => shape[axis] as number),
    (index) => positions.push(index.reduce((sum, i, k) => sum + i * (strides[axes[k] as number] as number), 0)),
  );
  return positions;
}

function product(
  a: HostTensor,
  b: HostTensor,
  left: readonly number[],
  right: readonly number[],
  from: number,
  to: number,
): number {
  const exact = isFloat(a.dtype);
  let sum = 0;
  for (let k = 0; k < left.length; k++) {
    const x = a.data[from + (left[k] as number)] as number;
    const y = b.data[to + (right[k] as number)] as number;
    sum = exact ? sum + x * y : (sum + Math.imul(x, y)) | 0;
  }
  return sum;
}

/** The evaluator of `dot`. */
export const contraction: { dot: Evaluator<"dot"> } = {
  dot: ({ contract, batch }, [left, right], [type]) => {
    const [a, b] = [left, right] as [HostTensor, HostTensor];
    const { dtype, shape } = type as HostTensor;
    const free = (x: HostTensor, side: 0 | 1): number[] =>
      x.shape.map((_, axis) => axis).filter((axis) => !contract[side].includes(axis) && !batch[side].includes(axis));
    const [leftBatch, rightBatch] = [offsets(a, batch[0]), offsets(b, batch[1])];
    const [leftFree, rightFree] = [offsets(a, free(a, 0)), offsets(b, free(b, 1))];
    const [leftSum, rightSum] = [offsets(a, contract[0]), offsets(b, contract[1])];
    const data = allocate(dtype, sizeOf(shape));
    let position = 0;
    leftBatch.forEach((batchA, i) => {
      for (const freeA of leftFree) {
        for (const freeB of rightFree) {
          data[position++] = product(a, b, leftSum, rightSum, batchA + freeA, (rightBatch[i] as number) + freeB);
        }
      }
    });
    return [{ dtype, shape, data }];
  },
};
