/**
 * Search in a sorted list that is known only at run time.
 */
import { add, and, full, less, type Shape, select, type Tensor } from "@leastaction/tensor";

/**
 * The last place of a list for which `begun` holds, and 0 when for none: int32 of a shape.
 *
 * @param begun whether the entry at each index (int32 of that shape) comes before what is looked for; true up to some
 *   place and false beyond
 * @param count the length of the list, int32 scalar, at most `slots`
 */
export function lastBegun(shape: Shape, begun: (index: Tensor) => Tensor, count: Tensor, slots: number): Tensor {
  let found = full(shape, 0, "int32");
  for (let width = 2 ** Math.ceil(Math.log2(slots)); width >= 1; width /= 2) {
    const candidate = add(found, width);
    const early = begun(candidate);
    found = select(and(less(candidate, count), early), candidate, found);
  }
  return found;
}
