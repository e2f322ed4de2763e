/**
 * Rules of the Fourier transform, which is linear.
 */
import { zerosLike } from "../ops/movement.ts";
import { emit } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { JvpRule } from "./jvp-rule.ts";
import type { TransposeRule } from "./transpose-rule.ts";

/** The transform of the tangents. */
export const fftJvp: JvpRule<"fft"> = (parameters, inputs, tangents) => {
  const primals = emit("fft", parameters, inputs);
  if (tangents.every((t) => t === null)) return { primals, tangents: [null, null] };
  const parts = inputs.map((x, i) => tangents[i] ?? zerosLike(x));
  return { primals, tangents: emit("fft", parameters, parts) };
};

/** The matrix of e^(-i a) is symmetric: as a real map of two parts its transpose is that of e^(+i a). */
export const fftTranspose: TransposeRule<"fft"> = ({ inverse }, cotangents, inputs) => {
  const known = cotangents.find((cotangent) => cotangent != null);
  if (known == null) return inputs.map(() => null);
  const parts = cotangents.map((cotangent) => cotangent ?? zerosLike(known));
  const found = emit("fft", { inverse: !inverse }, parts);
  return inputs.map(({ value }, i) => (value === null ? (found[i] as Tensor) : null));
};
