/**
 * The error function, by element of floats.
 */
import { emitOneOf } from "../dialect/dialect.ts";
import { specialFunctions } from "../dialect/special-functions.ts";
import { single } from "../ops/broadcasting.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";

/** The error function, 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x. */
export function erf(x: TensorLike): Tensor {
  return emitOneOf(specialFunctions, "erf", {}, [single(x)]);
}

/** 1 - erf(x), accurate where that is small: the result keeps its digits down to the least number. */
export function erfc(x: TensorLike): Tensor {
  return emitOneOf(specialFunctions, "erfc", {}, [single(x)]);
}
