/**
 * A tree of parameters with all its numbers in float64.
 */
import { array, type HostTensor, mapTree } from "@leastaction/tensor";

/** The tree of the same shapes and values; its leaves must be host tensors of floats. */
export function inDouble<P>(parameters: P): P {
  return mapTree(parameters, (leaf) => {
    const { data, shape } = leaf as HostTensor;
    return array(Float64Array.from(data), shape);
  }) as P;
}
