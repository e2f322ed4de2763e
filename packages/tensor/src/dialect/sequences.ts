/**
 * Order along an axis, and slices written over at a place known at run time only.
 */
import { makeSortKernel } from "../lower/sort-kernel.ts";
import { makeUpdateKernel } from "../lower/update-kernel.ts";
import { sequenceShapes } from "../program/infer-sequences.ts";
import { elementwise, shifted } from "../rules/batched.ts";
import { changed, constant } from "../rules/tangents.ts";
import { updateSliceTranspose } from "../rules/update-slice-transpose.ts";
import type { Dialect } from "./dialect.ts";

/** The dialect. */
export const sequences: Dialect<"sequences"> = {
  needs: [],
  infer: sequenceShapes,
  jvp: {
    argsort: constant("argsort"),
    updateSlice: changed("updateSlice"),
  },
  transpose: {
    argsort: "nonlinear",
    updateSlice: updateSliceTranspose,
  },
  batch: {
    argsort: elementwise("argsort"),
    updateSlice: shifted("updateSlice", ({ batch }) => ({ batch: batch + 1 })),
  },
  lowering: {
    argsort: { kernel: makeSortKernel },
    updateSlice: { kernel: makeUpdateKernel },
  },
};
