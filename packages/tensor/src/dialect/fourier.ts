/**
 * The Fourier transform.
 */
import { fft } from "../lower/define/fft.ts";
import { defined } from "../lower/simplify/defined.ts";
import { fourierShapes } from "../program/infer-fourier.ts";
import { elementwise } from "../rules/batched.ts";
import { fftJvp, fftTranspose } from "../rules/fourier.ts";
import type { Dialect } from "./dialect.ts";

/** The dialect. */
export const fourier: Dialect<"fourier"> = {
  needs: [],
  infer: fourierShapes,
  jvp: { fft: fftJvp },
  transpose: { fft: fftTranspose },
  batch: { fft: elementwise("fft") },
  lowering: { fft: { simplify: defined("fft", fft) } },
};
