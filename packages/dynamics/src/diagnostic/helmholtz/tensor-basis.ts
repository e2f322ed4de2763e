/**
 * Orthonormal bases of small spaces of tensors: a symmetric matrix as its n (n + 1) / 2 numbers, what is antisymmetric
 * without writing anything twice. Sums of squares of the numbers are those of all entries of the tensor.
 */

import { array, convert, type Tensor } from "@leastaction/tensor";
import { hostMath } from "../../host-math/host-math.ts";

/** Which tensors. */
export type TensorSpace = "symmetric" | "antisymmetric" | "three-forms";

/**
 * A basis for n dimensions, one tensor after another: symmetric [n (n + 1) / 2, n, n], in the order of the upper triangle
 * by rows; antisymmetric [n (n - 1) / 2, n, n]; three-forms, antisymmetric in all three places,
 * [n (n - 1) (n - 2) / 6, n, n, n].
 */
export function tensorBasis(space: TensorSpace, n: number, dtype: Tensor["dtype"]): Tensor {
  const { axes, repeats, turns } = spaces[space];
  const members = choices(n, axes, repeats);
  const size = hostMath.power(n, axes);
  const data = new Float64Array(members.length * size);
  members.forEach((indices, row) => {
    for (const { order, sign } of turns) {
      const place = order.reduce((flat, axis) => flat * n + (indices[axis] as number), 0);
      // Equal indices meet the same place twice.
      data[row * size + place] = sign;
    }
    const member = data.subarray(row * size, (row + 1) * size);
    const length = Math.sqrt(member.reduce((sum, x) => sum + x * x, 0));
    member.forEach((x, i) => {
      member[i] = x / length;
    });
  });
  return convert(array(data, [members.length, ...Array.from({ length: axes }, () => n)]), dtype);
}

interface Space {
  readonly axes: number;
  readonly repeats: boolean;
  /** Orders of the indices, and the sign that each has. */
  readonly turns: readonly { readonly order: readonly number[]; readonly sign: number }[];
}

const spaces: Readonly<Record<TensorSpace, Space>> = {
  symmetric: {
    axes: 2,
    repeats: true,
    turns: [
      { order: [0, 1], sign: 1 },
      { order: [1, 0], sign: 1 },
    ],
  },
  antisymmetric: {
    axes: 2,
    repeats: false,
    turns: [
      { order: [0, 1], sign: 1 },
      { order: [1, 0], sign: -1 },
    ],
  },
  "three-forms": {
    axes: 3,
    repeats: false,
    turns: [
      { order: [0, 1, 2], sign: 1 },
      { order: [1, 2, 0], sign: 1 },
      { order: [2, 0, 1], sign: 1 },
      { order: [0, 2, 1], sign: -1 },
      { order: [2, 1, 0], sign: -1 },
      { order: [1, 0, 2], sign: -1 },
    ],
  },
};

/** Rising choices of indices below n, by rows. */
function choices(n: number, axes: number, repeats: boolean, from = 0): number[][] {
  if (axes === 0) return [[]];
  const first = Array.from({ length: Math.max(0, n - from) }, (_, i) => from + i);
  return first.flatMap((i) => choices(n, axes - 1, repeats, repeats ? i : i + 1).map((rest) => [i, ...rest]));
}
