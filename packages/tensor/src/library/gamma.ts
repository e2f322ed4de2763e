/**
 * The logarithm of the gamma function and its derivatives, by element of floats.
 */
import { emitOneOf } from "../dialect/dialect.ts";
import { specialFunctions } from "../dialect/special-functions.ts";
import { single } from "../ops/broadcasting.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";

/**
 * log |gamma(x)|; its derivative is `digamma`. Infinite at 0, at negative integers and at both infinities; exactly 0 at 1
 * and 2. Source: NIST Digital Library of Mathematical Functions, chapter 5, https://dlmf.nist.gov/5.
 *
 * @example
 * evaluate(lgamma, array(3)).data; // => [0.6931471805599453]
 */
export function lgamma(x: TensorLike): Tensor {
  return emitOneOf(specialFunctions, "lgamma", {}, [single(x)]);
}

/**
 * The derivative of `lgamma`; its own is `polygamma` of order 1. At 0 infinite with the sign that 0 has not; NaN at negative
 * integers, where it is unbounded to both sides, and at -infinity.
 */
export function digamma(x: TensorLike): Tensor {
  return emitOneOf(specialFunctions, "digamma", {}, [single(x)]);
}

/**
 * The derivative of `digamma` of an order from 1 to 20, an integer known while tracing; order 0 is `digamma` itself. At
 * negative integers infinity where the order is odd, NaN where it is even.
 */
export function polygamma(order: number, x: TensorLike): Tensor {
  return order === 0 ? digamma(x) : emitOneOf(specialFunctions, "polygamma", { order }, [single(x)]);
}
