/**
 * What definitions of decompositions share: one batch axis, entries of moderate size, NaN for what is not finite.
 */
import { equal, less, lessEqual, select } from "../../ops/comparison.ts";
import { abs, add, mul } from "../../ops/elementwise.ts";
import { iota, reshape } from "../../ops/movement.ts";
import { max, sum } from "../../ops/reduction.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import { full, type Tensor } from "../../trace/tensor.ts";

/** Matrices [batch, n, m], and how results go back to the leading axes and the size they came with. */
export interface Prepared {
  /** Every entry squared, and sums of those, neither overflow nor vanish beside the largest. */
  readonly matrices: Tensor;
  /** Values [batch, ...] made as large as the matrices were, with their leading axes. */
  readonly sized: (values: Tensor) => Tensor;
  /** Results [batch, ...] that do not depend on the size of the matrices, with their leading axes. */
  readonly shaped: (results: Tensor) => Tensor;
}

/** Powers of two that bring any largest entry to between 2^-66 and 2^16, taken one after another where they are needed. */
const steps = { float64: [512, 256, 128, 64, 32, 16], float32: [64, 32, 16] };

/** Prepares matrices [..., n, m]. */
export function prepared(given: Tensor): Prepared {
  const lead = given.shape.slice(0, -2);
  const batch = sizeOf(lead);
  const a = reshape(given, [batch, ...given.shape.slice(-2)]);
  let largest = max(abs(a), [1, 2]);
  let [factor, inverse] = [full([batch], 1, a.dtype), full([batch], 1, a.dtype)];
  for (const step of steps[a.dtype as "float64" | "float32"]) {
    const [large, small] = [lessEqual(2 ** step, largest), less(largest, 2 ** -step)];
    const scaled = (x: Tensor, down: number): Tensor => select(large, mul(down, x), select(small, mul(1 / down, x), x));
    [largest, factor, inverse] = [scaled(largest, 2 ** -step), scaled(factor, 2 ** -step), scaled(inverse, 2 ** step)];
  }
  // 0 for finite matrices, else NaN: infinity times 0.
  const poison = sum(mul(0, a), [1, 2]);
  const over = (x: Tensor, rank: number): Tensor => reshape(x, [batch, ...Array.from({ length: rank - 1 }, () => 1)]);
  const back = (x: Tensor): Tensor => {
    const shape: Shape = x.shape;
    return reshape(add(x, over(poison, shape.length)), [...lead, ...shape.slice(1)]);
  };
  return {
    matrices: mul(a, over(factor, 3)),
    sized: (values) => back(mul(values, over(inverse, values.shape.length))),
    shaped: back,
  };
}

/** [rows, columns] with ones where row and column are equal. */
export function identity(rows: number, columns: number, like: Tensor): Tensor {
  const shape = [rows, columns];
  return select(equal(iota(shape, 0), iota(shape, 1)), full(shape, 1, like.dtype), 0);
}
