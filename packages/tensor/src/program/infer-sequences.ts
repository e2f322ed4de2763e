/**
 * Shape rules of what works along one axis: order, cumulative sums, Fourier transforms.
 */
import { isFloat } from "../dtype.ts";
import { sameShape } from "../shape.ts";
import { convertRemedy, only, refuse, type ShapeRule } from "./shape-rule.ts";

type Sequence = "argsort" | "cumulativeSum" | "fft";

/** The rules. */
export const sequenceShapes: { readonly [P in Sequence]: ShapeRule<P> } = {
  argsort: (_, inputs) => {
    const x = only("argsort", inputs);
    if (x.dtype === "bool" || x.shape.length === 0)
      refuse("argsort", "a numeric type and at least one axis", inputs, convertRemedy);
    return [{ dtype: "int32", shape: x.shape }];
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
