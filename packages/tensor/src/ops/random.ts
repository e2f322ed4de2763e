/**
 * Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as
 * easy as 1, 2, 3", SC 2011, doi:10.1145/2063384.2063405).
 *
 * A key is a uint32 tensor of shape [2]. The numbers depend on the key and the shape alone, never on what else is
 * drawn: derive one key per purpose and step with `foldIn`, so that adding a use never shifts another.
 */
import type { DType } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { emit } from "../trace/builder.ts";
import { array, full, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { broadcastTo, single } from "./broadcasting.ts";
import { shiftRight } from "./comparison.ts";
import { add, convert, cos, log, mul, sqrt, sub } from "./elementwise.ts";
import { at, iota, reshape, stack } from "./movement.ts";

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
  return emit("threefry", {}, [...parts, high, low]);
}
