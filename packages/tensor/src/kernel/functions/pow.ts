/**
 * pow: x^y = e^(y log x), with the logarithm and the product carried in two floats.
 *
 * log m for m in [sqrt(1/2), sqrt(2)) is s (2 + 2/3 z + z^2 R(z)), s = (m - 1) / (m + 1), z = s^2, after fdlibm
 * (e_pow.c): the first two terms in double the precision. The special cases are those of IEEE 754-2019, section 9.2.1.
 */
import type { Block } from "../block.ts";
import {
  abs,
  add,
  and,
  convert,
  div,
  equal,
  floor,
  less,
  mul,
  neg,
  not,
  notEqual,
  numberLike,
  or,
  select,
  sub,
} from "../build.ts";
import type { Expression } from "../kernel.ts";
import { atLeast, atMost } from "./clamp.ts";
import { type Double, fastTwoSum, renormalize, twoProduct } from "./double.ts";
import { exponential } from "./exp.ts";
import { byType, formatOf, splitExponent } from "./float-format.ts";
import { polynomial } from "./polynomial.ts";
import { hasSign } from "./with-sign.ts";

/** 2 (atanh(s) / s - 1 - z / 3) / z^2 in z. */
const series = {
  float32: [0.40000015142870654, 0.2856220047441817, 0.23049853370263512],
  float64: [
    0.4000000000000003, 0.2857142857133746, 0.22222222271577444, 0.1818180817006874, 0.15385580435394985,
    0.13285770192868424, 0.12915929658165393,
  ],
};

const twoThirds = {
  float32: [0.6666666865348816, -1.98682149251e-8],
  float64: [2 / 3, 3.700743415417188e-17],
} as const;

const infinity = Number.POSITIVE_INFINITY;

/** x to the power y. */
export function pow(block: Block, x: Expression, y: Expression): Expression {
  const a = block.name("a", abs(x));
  const finite = and(less(0, a), less(a, infinity));
  const limit = byType(x, { float32: 2 ** 33, float64: 2 ** 65 });
  const regular = powerOfPositive(block, select(finite, a, 1), atLeast(atMost(y, limit), -limit));
  const edge = select(less(y, 0), div(numberLike(x, 1), a), select(less(0, y), a, y));
  const size = block.name("size", select(finite, regular, edge));
  return signed(block, x, y, size);
}

/** Gives the size its sign, and NaN or 1 where the rules say so. */
function signed(block: Block, x: Expression, y: Expression, size: Expression): Expression {
  const whole = equal(floor(y), y);
  const half = block.name("half", mul(y, 0.5));
  const odd = and(whole, notEqual(floor(half), half));
  const negative = hasSign(x);
  const result = select(and(negative, odd), neg(size), size);
  const undefinedRoot = and(and(less(x, 0), less(-infinity, x)), and(not(whole), equal(y, y)));
  const real = select(undefinedRoot, numberLike(x, Number.NaN), result);
  return select(or(equal(y, 0), equal(x, 1)), numberLike(x, 1), real);
}

/** x^y for positive finite x and |y| <= 2^65. */
function powerOfPositive(block: Block, x: Expression, exponent: Expression): Expression {
  const y = block.name("y", exponent);
  const log = logarithm(block, block.name("x", x));
  const product = twoProduct(block, y, log.high);
  const [least, greatest] = byType(x, { float32: [-120, 100], float64: [-760, 720] }) as [number, number];
  const low = add(product.low, mul(y, log.low));
  return exponential(block, atLeast(atMost(product.high, greatest), least), atLeast(atMost(low, 1), -1));
}

/** log x in two floats, for positive finite x. */
function logarithm(block: Block, x: Expression): Double {
  const { leastNormal, precision, ln2 } = formatOf(x);
  const small = block.name("small", less(x, leastNormal));
  const { k, m } = splitExponent(block, block.name("normal", select(small, mul(x, 2 ** precision), x)));
  const exponent = block.name("k", sub(convert(x.dtype, k), select(small, numberLike(x, precision), 0)));
  const near = logarithmNearOne(block, block.name("m", m));
  const sum = fastTwoSum(block, block.name("first", mul(exponent, ln2[0])), near.high);
  return renormalize(block, sum.high, add(sum.low, add(near.low, mul(exponent, ln2[1]))));
}

function logarithmNearOne(block: Block, m: Expression): Double {
  const s = ratio(block, m);
  const square = twoProduct(block, s.high, s.high);
  const z = { high: square.high, low: block.name("zLow", add(square.low, mul(mul(s.high, s.low), 2))) };
  const [high, low] = byType<readonly [number, number]>(m, twoThirds);
  const linear = twoProduct(block, z.high, numberLike(m, high));
  const linearLow = add(linear.low, add(mul(z.high, low), mul(z.low, high)));
  const curve = mul(mul(z.high, z.high), polynomial(z.high, byType(m, series)));
  const sum = fastTwoSum(block, numberLike(m, 2), linear.high);
  const factorLow = add(sum.low, add(linearLow, curve));
  const product = twoProduct(block, s.high, sum.high);
  const rest = add(product.low, add(mul(s.high, factorLow), mul(s.low, sum.high)));
  return renormalize(block, product.high, rest);
}

/** (m - 1) / (m + 1) in two floats. */
function ratio(block: Block, m: Expression): Double {
  const f = block.name("f", sub(m, 1));
  const u = block.name("u", add(m, 1));
  const uLow = sub(m, sub(u, 1));
  const high = block.name("s", div(f, u));
  const product = twoProduct(block, high, u);
  const rest = sub(sub(sub(f, product.high), product.low), mul(high, uLow));
  return { high, low: block.name("sLow", div(rest, u)) };
}
