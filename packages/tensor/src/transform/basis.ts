/**
 * The unit vectors of a shape.
 */
import type { DType } from "../dtype.ts";
import { equal } from "../ops/comparison.ts";
import { convert } from "../ops/elementwise.ts";
import { iota, reshape } from "../ops/movement.ts";
import { type Shape, sizeOf } from "../shape.ts";
import type { Tensor } from "../trace/tensor.ts";

/** All of them: [size, ...shape]. */
export function basis(shape: Shape, dtype: DType): Tensor {
  const size = sizeOf(shape);
  const unit = equal(iota([size, size], 0), iota([size, size], 1));
  return reshape(convert(unit, dtype), [size, ...shape]);
}
