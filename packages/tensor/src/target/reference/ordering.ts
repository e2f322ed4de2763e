/**
 * Meaning of `argsort`: the host's stable sort of the positions of each row.
 */
import type { HostTensor } from "../../pytree.ts";
import type { Evaluator } from "./evaluator.ts";

/** The evaluator of `argsort`. */
export const ordering: { argsort: Evaluator<"argsort"> } = {
  argsort: ({ descending }, [input]) => {
    const { shape, data } = input as HostTensor;
    const extent = shape.at(-1) as number;
    const result = new Int32Array(data.length);
    for (let row = 0; row < data.length; row += extent) {
      const at = (position: number): number => data[row + position] as number;
      const positions = Array.from({ length: extent }, (_, i) => i);
      positions.sort((i, k) => inOrder(at(i), at(k), descending));
      result.set(positions, row);
    }
    return [{ dtype: "int32", shape, data: result }];
  },
};

function inOrder(a: number, b: number, descending: boolean): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a === b ? 0 : a < b === descending ? 1 : -1;
}
