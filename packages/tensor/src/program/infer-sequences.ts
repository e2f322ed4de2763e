/**
 * Shape rules of what works along one axis: order, cumulative sums, Fourier transforms.
 */
import { isFloat } from "../dtype.ts";
import { sameShape } from "../shape.ts";
import type { TensorType } from "./program.ts";
import { convertRemedy, only, refuse, type ShapeRule } from "./shape-rule.ts";

type Sequence = "argsort" | "addAt" | "updateSlice" | "cumulativeSum" | "fft";

/** The rules. */
export const sequenceShapes: { readonly [P in Sequence]: ShapeRule<P> } = {
  argsort: (_, inputs) => {
    const x = only("argsort", inputs);
    if (x.dtype === "bool" || x.shape.length === 0)
      refuse("argsort", "a numeric type and at least one axis", inputs, convertRemedy);
    return [{ dtype: "int32", shape: x.shape }];
  },
  addAt: ({ batch }, inputs) => {
    const [operand, updates, indices] = inputs;
    const valid =
      inputs.length === 3 &&
      operand !== undefined &&
      updates !== undefined &&
      indices?.dtype === "int32" &&
      operand.dtype !== "bool" &&
      operand.dtype === updates.dtype &&
      (operand.shape[batch] ?? 0) > 0 &&
      sameShape(operand.shape.slice(0, batch), indices.shape.slice(0, batch)) &&
      sameShape(updates.shape, [...indices.shape, ...operand.shape.slice(batch + 1)]);
    if (!valid) {
      refuse(
        "addAt",
        `a numeric operand, int32 indices into its axis ${batch}, and updates of the shape of the indices and of one slice`,
        inputs,
        convertRemedy,
      );
    }
    return [operand];
  },
  updateSlice: ({ batch }, inputs) => {
    const [operand, update, start] = inputs;
    const without = ({ shape }: TensorType): number[] => shape.filter((_, axis) => axis !== batch);
    const valid =
      inputs.length === 3 &&
      operand !== undefined &&
      update !== undefined &&
      start?.dtype === "int32" &&
      operand.dtype === update.dtype &&
      operand.shape.length > batch &&
      operand.shape.length === update.shape.length &&
      (update.shape[batch] as number) <= (operand.shape[batch] as number) &&
      sameShape(without(operand), without(update)) &&
      sameShape(start.shape, operand.shape.slice(0, batch));
    if (!valid) {
      refuse(
        "updateSlice",
        `an operand, an update of its type but no longer along axis ${batch}, and int32 starts of its ${batch} leading extents`,
        inputs,
        convertRemedy,
      );
    }
    return [operand];
  },
  cumulativeSum: ({ axis }, inputs) => {
    const x = only("cumulativeSum", inputs);
    if (x.dtype === "bool" || x.shape[axis] === undefined)
      refuse("cumulativeSum", `a numeric type and an axis ${axis}`, inputs, convertRemedy);
    return [x];
  },
  fft: (_, inputs) => {
    const [real, imaginary] = inputs;
    const valid =
      inputs.length === 2 &&
      real !== undefined &&
      imaginary !== undefined &&
      isFloat(real.dtype) &&
      real.dtype === imaginary.dtype &&
      sameShape(real.shape, imaginary.shape) &&
      (real.shape.at(-1) ?? 0) > 0;
    if (!valid) {
      refuse(
        "fft",
        "real and imaginary parts of one float type and shape, with a last axis of at least one element",
        inputs,
        convertRemedy,
      );
    }
    return [real, imaginary];
  },
};
