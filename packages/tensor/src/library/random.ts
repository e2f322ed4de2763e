/**
 * Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as
 * easy as 1, 2, 3", SC 2011, doi:10.1145/2063384.2063405).
 *
 * A key is a uint32 tensor of shape [2]. The numbers depend on the key and the shape alone, never on what else is
 * drawn: derive one key per purpose and step with `foldIn`, so that adding a use never shifts another.
 */

import { emitOf } from "../dialect/dialect.ts";
import { random } from "../dialect/random.ts";
import { type DType, isFloat } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { broadcastTo, single } from "../ops/broadcasting.ts";
import { less, shiftRight } from "../ops/comparison.ts";
import { add, convert, maximum, mul, neg, sqrt, sub } from "../ops/elementwise.ts";
import { take } from "../ops/indexing.ts";
import { at, iota, reshape, stack } from "../ops/movement.ts";
import { showType } from "../program/infer.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { array, full, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { log, log1p } from "./logarithm.ts";
import { argMax } from "./searching.ts";
import { argsort } from "./sorting.ts";
import { cos } from "./trigonometric.ts";

/** The key of a seed, an integer from 0 to 2^53 - 1: uint32[2]. */
export function randomKey(seed: number): Tensor {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new TensorError(
      `Cannot make a random key: expected an integer from 0 to 2^53 - 1, got ${seed}`,
      "Pass a non-negative integer seed.",
    );
  }
  const host = array(Uint32Array.of(Math.floor(seed / 2 ** 32), seed >>> 0));
  return single(host);
}

/** A new key from a key and an integer (a step, a purpose): independent streams for different numbers. */
export function foldIn(key: TensorLike, data: TensorLike): Tensor {
  const number = convert(single(data, "uint32"), "uint32");
  return stack(words(key, full([], 0, "uint32"), number));
}

/** Uniform bits: uint32 of a shape. */
export function randomBits(key: TensorLike, shape: Shape): Tensor {
  return reshape(pairs(key, shape)[0] as Tensor, shape);
}

/** Uniform in [low, high): 24 random bits in float32, 53 in float64. */
export function uniform(key: TensorLike, shape: Shape, dtype: DType = "float64", low = 0, high = 1): Tensor {
  const [first, second] = pairs(key, shape) as [Tensor, Tensor];
  return add(mul(unit(first, second, dtype, shape), high - low), low);
}

/** Standard normal, by the method of Box and Muller (1958, doi:10.1214/aoms/1177706645). */
export function normal(key: TensorLike, shape: Shape, dtype: DType = "float64"): Tensor {
  const [a, b] = pairs(foldIn(key, 0), shape) as [Tensor, Tensor];
  const [c, d] = pairs(foldIn(key, 1), shape) as [Tensor, Tensor];
  const radius = sqrt(mul(-2, log(sub(1, unit(a, b, dtype, shape)))));
  return mul(radius, cos(mul(2 * Math.PI, unit(c, d, dtype, shape))));
}

/** 1 with probability `probability`, else 0: bool of a shape. The probability broadcasts to the shape; it has no derivative. */
export function bernoulli(key: TensorLike, probability: TensorLike, shape: Shape): Tensor {
  const chance = single(probability);
  return less(uniform(key, shape, chance.dtype), broadcastTo(chance, shape));
}

/** Exponential with mean 1: -ln(1 - u). The largest in float32 is 16.6, in float64 36.7. */
export function exponential(key: TensorLike, shape: Shape, dtype: DType = "float64"): Tensor {
  return neg(log1p(neg(uniform(key, shape, dtype))));
}

/**
 * Positions drawn with probabilities that are given by their logarithms, which need not be normalised: the largest of
 * log weight + Gumbel noise along the last axis (Maddison, Tarlow, Minka, "A* sampling", NIPS 2014, section 2,
 * arXiv:1411.0030). The noise has 24 random bits in float32 and 53 in float64: a probability below 2^-24 of that of the
 * largest weight is drawn too rarely in float32.
 *
 * @param logWeights Floats of shape [..., n]; -infinity is never drawn, unless all are.
 * @param shape Axes of draws in front of those of `logWeights`. Default: one draw for each row.
 * @returns int32 of shape [...shape, ...], from 0 to n - 1.
 * Errors: integers; a scalar; no positions.
 * @example
 * const draws = () => categorical(randomKey(5), array([-Infinity, 0, -Infinity]), [4]);
 * evaluate(draws).data; // => [1, 1, 1, 1]
 */
export function categorical(key: TensorLike, logWeights: TensorLike, shape: Shape = []): Tensor {
  const weights = single(logWeights);
  if (!isFloat(weights.dtype) || weights.shape.length === 0) {
    throw new TensorError(
      `Cannot draw from categories: expected floats with at least one axis, got ${showType(weights)}`,
      "Pass the logarithms of the weights, one for each category along the last axis.",
    );
  }
  // Never 0, whose logarithm would let the noise alone decide.
  const waits = maximum(
    exponential(key, [...shape, ...weights.shape], weights.dtype),
    weights.dtype === "float32" ? 2 ** -25 : 2 ** -54,
  );
  const noise = neg(log(waits));
  return argMax(add(weights, noise));
}

/**
 * The numbers 0 … count - 1 in random order, int32: random bits sorted, as often as makes equal bits unlikely to matter
 * (3 log2(count) bits). `take(x, permutation(key, n))` shuffles slices.
 *
 * @param count A natural number.
 * Errors: other counts.
 * @example
 * evaluate(() => sort(permutation(randomKey(1), 5))).data; // => [0, 1, 2, 3, 4]
 */
export function permutation(key: TensorLike, count: number): Tensor {
  if (!Number.isInteger(count) || count < 0) {
    throw new TensorError(
      `Cannot make a permutation: expected a natural number of elements, got ${count}`,
      "Pass the extent of the axis to be shuffled.",
    );
  }
  const rounds = Math.max(1, Math.ceil((3 * bitLength(count)) / 32));
  let order = iota([count]);
  for (let round = 0; count > 0 && round < rounds; round++) {
    order = take(order, argsort(randomBits(foldIn(key, round), [count])));
  }
  return order;
}

/** How many binary digits a natural number has. */
function bitLength(count: number): number {
  let bits = 0;
  for (let power = 1; power <= count; power *= 2) bits++;
  return bits;
}

function unit(first: Tensor, second: Tensor, dtype: DType, shape: Shape): Tensor {
  const high = convert(shiftRight(first, dtype === "float32" ? 8 : 5), dtype);
  if (dtype === "float32") return reshape(mul(high, 2 ** -24), shape);
  const low = convert(shiftRight(second, 6), dtype);
  return reshape(mul(add(mul(high, 2 ** 26), low), 2 ** -53), shape);
}

function pairs(key: TensorLike, shape: Shape): Tensor[] {
  const count = sizeOf(shape);
  return words(key, full([count], 0, "uint32"), iota([count], 0, "uint32"));
}

function words(key: TensorLike, high: Tensor, low: Tensor): Tensor[] {
  const both = single(key);
  const parts = [at(both, 0), at(both, 1)].map((word) => broadcastTo(word, low.shape));
  return emitOf(random, "threefry", {}, [...parts, high, low]);
}
