/**
 * What definitions of decompositions share: one batch axis, entries of moderate size, NaN for what is not finite.
 */
import { equal, greater, less, select } from "../../ops/comparison.ts";
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

/** Exact factors, far enough apart that what they bring into the middle stays there. */
const limits = {
  float64: { large: 2 ** 400, down: 2 ** -600, small: 2 ** -400, up: 2 ** 600 },
  float32: { large: 2 ** 40, down: 2 ** -84, small: 2 ** -50, up: 2 ** 100 },
};

/** Prepares matrices [..., n, m]. */
export function prepared(given: Tensor): Prepared {
  const lead = given.shape.slice(0, -2);
  const batch = sizeOf(lead);
  const a = reshape(given, [batch, ...given.shape.slice(-2)]);
  const { large, down, small, up } = limits[given.dtype as "float64" | "float32"];
  const largest = max(abs(a), [1, 2]);
  const choose = (whenLarge: number, whenSmall: number): Tensor =>
    select(
      greater(largest, large),
      full([batch], whenLarge, a.dtype),
      select(less(largest, small), full([batch], whenSmall, a.dtype), 1),
    );
  // 0 for finite matrices, else NaN: infinity times 0.
  const poison = sum(mul(0, a), [1, 2]);
  const over = (x: Tensor, rank: number): Tensor => reshape(x, [batch, ...Array.from({ length: rank - 1 }, () => 1)]);
  const back = (x: Tensor): Tensor => {
    const shape: Shape = x.shape;
    return reshape(add(x, over(poison, shape.length)), [...lead, ...shape.slice(1)]);
  };
  return {
    matrices: mul(a, over(choose(down, up), 3)),
    sized: (values) => back(mul(values, over(choose(1 / down, 1 / up), values.shape.length))),
    shaped: back,
  };
}

/** [rows, columns] with ones where row and column are equal. */
export function identity(rows: number, columns: number, like: Tensor): Tensor {
  const shape = [rows, columns];
  return select(equal(iota(shape, 0), iota(shape, 1)), full(shape, 1, like.dtype), 0);
}
