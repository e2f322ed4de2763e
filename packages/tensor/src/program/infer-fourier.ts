/**
 * The shape rule of the Fourier transform.
 */
import { isFloat } from "../dtype.ts";
import { sameShape } from "../shape.ts";
import { convertRemedy, refuse, type ShapeRules } from "./shape-rule.ts";

/** The rule. */
export const fourierShapes: Pick<ShapeRules, "fft"> = {
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
