/**
 * What follows an axis: order, sums of all so far, slices at a place known at run time only.
 */
import { cumulativeSum } from "../lower/define/cumulative-sum.ts";
import { defined } from "../lower/simplify/defined.ts";
import { makeSortKernel } from "../lower/sort-kernel.ts";
import { makeUpdateKernel } from "../lower/update-kernel.ts";
import { elementwise, shifted } from "../rules/batched.ts";
import { one } from "../rules/cotangents.ts";
import { changed, constant, linear } from "../rules/tangents.ts";
import { updateSliceTranspose } from "../rules/update-slice-transpose.ts";
import { emitOne } from "../trace/builder.ts";
import type { Dialect } from "./dialect.ts";

/** The dialect. */
export const sequences: Dialect<"sequences"> = {
  needs: [],
  jvp: {
    cumulativeSum: linear("cumulativeSum"),
    argsort: constant("argsort"),
    updateSlice: changed("updateSlice"),
  },
  transpose: {
    cumulativeSum: one(({ axis, reverse }, cotangent) =>
      emitOne("cumulativeSum", { axis, reverse: !reverse }, [cotangent]),
    ),
    argsort: "nonlinear",
    updateSlice: updateSliceTranspose,
  },
  batch: {
    cumulativeSum: shifted("cumulativeSum", ({ axis, reverse }) => ({ axis: axis + 1, reverse })),
    argsort: elementwise("argsort"),
    updateSlice: shifted("updateSlice", ({ batch }) => ({ batch: batch + 1 })),
  },
  lowering: {
    cumulativeSum: { simplify: defined("cumulativeSum", cumulativeSum) },
    argsort: { kernel: makeSortKernel },
    updateSlice: { kernel: makeUpdateKernel },
  },
};
