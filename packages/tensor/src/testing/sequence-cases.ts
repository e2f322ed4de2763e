/**
 * Cases of the primitives that work along one axis.
 */

import { scan } from "../library/control-flow.ts";
import { dynamicSlice, dynamicUpdateSlice } from "../library/dynamic-slice.ts";
import { fft } from "../library/fourier.ts";
import { argsort, sort, takeAlong } from "../library/sorting.ts";
import { sin } from "../library/trigonometric.ts";
import { add, mul } from "../ops/elementwise.ts";
import { reshape } from "../ops/movement.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { direct, numbers, type PrimitiveCase } from "./primitive-case.ts";

type Sequence = "argsort" | "addAt" | "updateSlice" | "cumulativeSum" | "fft";

const ties = array([3, -5, 3, 0, 2, 3, -5, 1, 0, 0, 2, -1, 4, 3, 2, -5, 4, 1, 1, 0], [2, 10], "int32");

/** The cases. */
export const sequenceCases: { readonly [P in Sequence]: readonly PrimitiveCase[] } = {
  argsort: [
    direct("argsort", { descending: false })(numbers([3, 7], -1, 1)),
    { ...direct("argsort", { descending: true })(numbers([2, 37], -1, 1)), name: "argsort descending" },
    { ...direct("argsort", { descending: false })(ties), name: "argsort of ties" },
    {
      name: "argsort that moves floats",
      inputs: [numbers([2, 11], -1, 1), numbers([2, 11], -1, 1, 5)],
      apply: (keys, values) => [mul(sort(keys as Tensor), takeAlong(values as Tensor, argsort(keys as Tensor)))],
    },
  ],
  addAt: [
    direct("addAt", { batch: 0 })(
      numbers([4, 3], -1, 1),
      numbers([5, 3], -1, 1, 4),
      array([3, 0, 0, 9, -2], [5], "int32"),
    ),
    {
      ...direct("addAt", { batch: 1 })(
        numbers([2, 4, 3], -1, 1),
        numbers([2, 2, 3], -1, 1, 4),
        array([3, 3, 1, 0], [2, 2], "int32"),
      ),
      name: "addAt with batch",
    },
  ],
  updateSlice: [
    direct("updateSlice", { batch: 0 })(numbers([5, 3], -1, 1), numbers([2, 3], -1, 1, 4), array([2], [], "int32")),
    {
      ...direct("updateSlice", { batch: 1 })(
        numbers([3, 7, 2], -1, 1),
        numbers([3, 4, 2], -1, 1, 4),
        array([-2, 1, 9], [3], "int32"),
      ),
      name: "updateSlice with batch and clamped starts",
    },
    {
      ...direct("updateSlice", { batch: 0 })(
        ties,
        array([7, 8, 9, 0, 1, 2, 3, 4, 5, 6], [1, 10], "int32"),
        array([1], [], "int32"),
      ),
      name: "updateSlice of integers",
    },
    {
      name: "updateSlice in a scan that reads what it wrote",
      inputs: [numbers([6], -1, 1), numbers([5], -1, 1, 3)],
      apply: (start, series) => {
        const [[last]] = scan(
          ([memory, turn]: readonly [Tensor, Tensor], x: Tensor) => {
            const before = dynamicSlice(memory, turn, 1);
            const next = reshape(mul(x, sin(before)), [1]);
            return [[dynamicUpdateSlice(memory, next, add(turn, 1)), add(turn, 1)] as const, {}] as const;
          },
          [start as Tensor, full([], 0, "int32")] as const,
          series as Tensor,
        );
        return [last];
      },
    },
  ],
  cumulativeSum: [
    direct("cumulativeSum", { axis: 1, reverse: false })(numbers([2, 5, 3], -1, 1)),
    {
      ...direct("cumulativeSum", { axis: 0, reverse: true })(numbers([70], -1, 1)),
      name: "cumulativeSum in blocks from the end",
    },
    { ...direct("cumulativeSum", { axis: 1, reverse: false })(ties), name: "cumulativeSum of integers" },
  ],
  fft: [
    direct("fft", { inverse: false })(numbers([2, 4], -1, 1), numbers([2, 4], -1, 1, 9)),
    {
      ...direct("fft", { inverse: true })(numbers([30], -1, 1), numbers([30], -1, 1, 9)),
      name: "fft of factors, inverse",
    },
    { ...direct("fft", { inverse: false })(numbers([11], -1, 1), numbers([11], -1, 1, 9)), name: "fft by a matrix" },
    {
      name: "fft of real numbers",
      inputs: [numbers([6], -1, 1)],
      apply: (x) => [...fft(mul(x as Tensor, x as Tensor), 0)],
    },
  ],
};
