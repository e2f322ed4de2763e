/**
 * Discrete Fourier transforms over the last axis; complex numbers are pairs of real tensors. Any length; lengths made of
 * 2, 3, 5 and 7 are the fastest, and large primes take about ten times as long.
 *
 * The error is that of log n additions: below log2(n) units of the last place of the root mean square. Linear, with the
 * other direction as transpose.
 */

import { emitOf } from "../dialect/dialect.ts";
import { fourier } from "../dialect/fourier.ts";
import { TensorError } from "../errors.ts";
import { meet, single } from "../ops/broadcasting.ts";
import { add, mul, neg, sub } from "../ops/elementwise.ts";
import { at, concatenate, reshape, reverse, slice, stack, zerosLike } from "../ops/movement.ts";
import { rootOfUnity } from "../ops/roots-of-unity.ts";
import { showType } from "../program/infer.ts";
import { array, type Tensor, type TensorLike } from "../trace/tensor.ts";

/** Real and imaginary part. */
export type ComplexPair = readonly [real: Tensor, imaginary: Tensor];

/**
 * X[k] = sum over j of x[j] e^(-2 pi i j k / n).
 *
 * @param real Floats of shape [..., n], n at least 1.
 * @param imaginary Of the same type; the shapes broadcast.
 * Errors: integers; a scalar; no elements along the axis.
 * @example
 * const spectrum = (x: Tensor) => fft(x, 0)[0];
 * evaluate(spectrum, array([1, 2, 3, 4])).data; // => [10, -2, -2, -2]
 */
export function fft(real: TensorLike, imaginary: TensorLike): ComplexPair {
  return emitOf(fourier, "fft", { inverse: false }, meet("fft", [real, imaginary])) as unknown as ComplexPair;
}

/**
 * x[j] = 1/n sum over k of X[k] e^(2 pi i j k / n): what `fft` takes back.
 *
 * @param real Floats of shape [..., n], n at least 1.
 * @param imaginary Of the same type; the shapes broadcast.
 * @example
 * const back = (x: Tensor) => inverseFft(...fft(x, 0))[0];
 * evaluate(back, array([1, 2, 3, 4])).data; // => [1, 2, 3, 4]
 */
export function inverseFft(real: TensorLike, imaginary: TensorLike): ComplexPair {
  const parts = meet("inverseFft", [real, imaginary]);
  const [re, im] = emitOf(fourier, "fft", { inverse: true }, parts) as unknown as ComplexPair;
  const scale = 1 / (re.shape.at(-1) as number);
  return [mul(re, scale), mul(im, scale)];
}

/**
 * The first half of `fft(x, 0)`, k = 0 … n/2, of which the rest is the mirror image: one transform of half the length
 * where n is even.
 *
 * @param x Floats of shape [..., n], n at least 1.
 * @returns Both of shape [..., floor(n/2) + 1].
 * @example
 * const spectrum = (x: Tensor) => realFft(x)[0];
 * evaluate(spectrum, array([1, 2, 3, 4])).data; // => [10, -2, -2]
 */
export function realFft(x: TensorLike): ComplexPair {
  const tensor = single(x);
  const n = lengthOf("realFft", tensor);
  const half = Math.floor(n / 2);
  if (n % 2 === 1) return each(fft(tensor, zerosLike(tensor)), (part) => slice(part, -1, 0, half + 1));
  const pairs = reshape(tensor, [...tensor.shape.slice(0, -1), half, 2]);
  const packed = fft(at(pairs, 0, -1), at(pairs, 1, -1));
  const [a, b] = each(packed, (part) => concatenate([part, slice(part, -1, 0, 1)], -1));
  const [even, odd] = unmixed([a, b]);
  return plus(even, times(odd, turns(tensor, half + 1, n, -1)));
}

/**
 * The real x of length `length` with `realFft(x)` = X. Of the imaginary parts of the first and, where the length is even,
 * the last element nothing is taken.
 *
 * @param real Floats of shape [..., floor(length/2) + 1].
 * @param imaginary Of the same type; the shapes broadcast.
 * @returns Shape [..., length].
 * Errors: another extent of the last axis.
 * @example
 * const back = (x: Tensor) => inverseRealFft(...realFft(x), 3);
 * evaluate(back, array([6, 1, 2])).data; // => [6, 1, 2]
 */
export function inverseRealFft(real: TensorLike, imaginary: TensorLike, length: number): Tensor {
  const [re, im] = meet("inverseRealFft", [real, imaginary]) as [Tensor, Tensor];
  const half = Math.floor(length / 2);
  if (!Number.isInteger(length) || length < 1 || re.shape.at(-1) !== half + 1) {
    throw new TensorError(
      `Cannot inverseRealFft: expected a last axis of floor(length/2) + 1 for a length of at least 1, got ${showType(re)} and length ${length}`,
      "Pass the number of real elements; two lengths have a spectrum of the same extent.",
    );
  }
  if (length % 2 === 1) {
    const mirrored = (part: Tensor): Tensor => reverse(slice(part, -1, 1), -1);
    // The first element is real.
    const own = concatenate([zerosLike(slice(im, -1, 0, 1)), slice(im, -1, 1)], -1);
    const whole = [concatenate([re, mirrored(re)], -1), concatenate([own, neg(mirrored(own))], -1)] as const;
    return inverseFft(...whole)[0];
  }
  const ends = (part: Tensor): Tensor => zerosLike(slice(part, -1, 0, 1));
  const inner = concatenate([ends(im), slice(im, -1, 1, half), ends(im)], -1);
  const [even, odd] = each2(unmixed([re, inner]), (part) => slice(part, -1, 0, half));
  const [a, b] = times(odd, turns(re, half, length, 1));
  // unmixed divides by i what is a product with i here.
  const [first, second] = inverseFft(...plus(even, [neg(a), neg(b)]));
  return reshape(stack([first, second], -1), [...re.shape.slice(0, -1), length]);
}

function lengthOf(operation: string, tensor: Tensor): number {
  const n = tensor.shape.at(-1);
  if (n !== undefined && n > 0) return n;
  throw new TensorError(
    `Cannot ${operation}: expected a last axis of at least one element, got ${showType(tensor)}`,
    "Pass the sequence along the last axis; moveAxis brings another there.",
  );
}

function each([re, im]: ComplexPair, f: (part: Tensor) => Tensor): ComplexPair {
  return [f(re), f(im)];
}

function each2([a, b]: readonly [ComplexPair, ComplexPair], f: (part: Tensor) => Tensor): [ComplexPair, ComplexPair] {
  return [each(a, f), each(b, f)];
}

function plus([a, b]: ComplexPair, [c, d]: ComplexPair): ComplexPair {
  return [add(a, c), add(b, d)];
}

function times([a, b]: ComplexPair, [c, d]: ComplexPair): ComplexPair {
  return [sub(mul(a, c), mul(b, d)), add(mul(a, d), mul(b, c))];
}

/** e^(± 2 pi i k / n) for k = 0, 1, … */
function turns(like: Tensor, count: number, n: number, sign: number): ComplexPair {
  const values = Array.from({ length: count }, (_, k) => rootOfUnity(k, n));
  const constant = (part: number[]): Tensor => single(array(part, [count], like.dtype));
  return [constant(values.map(([c]) => c)), constant(values.map(([, s]) => sign * s))];
}

/** From z = a + i b of two sequences of real numbers: (z[k] + conj z[h-k]) / 2 and (z[k] - conj z[h-k]) / 2i, k = 0 … h. */
function unmixed([re, im]: ComplexPair): readonly [ComplexPair, ComplexPair] {
  const [back, conjugate] = [reverse(re, -1), neg(reverse(im, -1))];
  const even: ComplexPair = [mul(0.5, add(re, back)), mul(0.5, add(im, conjugate))];
  const odd: ComplexPair = [mul(0.5, sub(im, conjugate)), mul(-0.5, sub(re, back))];
  return [even, odd];
}
