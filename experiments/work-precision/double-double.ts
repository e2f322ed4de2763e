/**
 * Numbers of about 32 decimal digits: unevaluated sums of two float64, high part first, |low| <= ulp(high) / 2.
 *
 * Every operation is good to a few units of 2^-104. Dekker, 1971, "A floating-point technique for extending the
 * available precision", doi:10.1007/BF01397083; Hida, Li, Bailey, 2001, "Algorithms for quad-double precision floating
 * point arithmetic", doi:10.1109/ARITH.2001.930115.
 */
import type { Value } from "@leastaction/dynamics";
import type { Operations } from "./problem.ts";

/** High and low part. */
export type DoubleDouble = readonly [number, number];

const halfPi: DoubleDouble = [1.5707963267948966, 6.123233995736766e-17];

/** The arithmetic of double-double numbers; plain numbers are taken as they are. `sin` and `cos` for up to some hundreds. */
export const doubleDouble: Operations<DoubleDouble> = {
  add: (...terms) => terms.map(exactly).reduce(sum, [0, 0]),
  sub: (a, b) => sum(exactly(a), negative(exactly(b))),
  mul: (...factors) => factors.map(exactly).reduce(product, [1, 0]),
  div: (a, b) => quotient(exactly(a), exactly(b)),
  neg: (x) => negative(exactly(x)),
  square: (x) => product(exactly(x), exactly(x)),
  sqrt: (x) => root(exactly(x)),
  sin: (x) => turned(exactly(x), 0),
  cos: (x) => turned(exactly(x), 1),
};

/** A plain number as a double-double one. */
export function exactly(value: Value<DoubleDouble>): DoubleDouble {
  return typeof value === "number" ? [value, 0] : value;
}

/** As a decimal fraction, cut after this many decimal places. */
export function decimal([high, low]: DoubleDouble, places: number): string {
  const bits = 1100;
  const total = integer(high, bits) + integer(low, bits);
  const size = ((total < 0n ? -total : total) * 10n ** BigInt(places)) >> BigInt(bits);
  const text = size.toString().padStart(places + 1, "0");
  return `${total < 0n ? "-" : ""}${text.slice(0, -places)}.${text.slice(-places)}`;
}

/** a + b. */
export function sum(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [high, low] = twoSum(a[0], b[0]);
  const [middle, rest] = twoSum(a[1], b[1]);
  const [top, carried] = quickTwoSum(high, low + middle);
  return quickTwoSum(top, carried + rest);
}

/** -a. */
export function negative([high, low]: DoubleDouble): DoubleDouble {
  return [-high, -low];
}

/** a b. */
export function product(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [high, low] = twoProduct(a[0], b[0]);
  return quickTwoSum(high, low + (a[0] * b[1] + a[1] * b[0]));
}

/** a / b: three digits of a long division. */
export function quotient(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a[0] / b[0];
  const rest = sum(a, product([-first, 0], b));
  const second = rest[0] / b[0];
  const last = sum(rest, product([-second, 0], b));
  return sum(quickTwoSum(first, second), [last[0] / b[0], 0]);
}

/** Two steps of Newton from the root in float64. */
function root(a: DoubleDouble): DoubleDouble {
  if (a[0] === 0) return a;
  let found: DoubleDouble = [Math.sqrt(a[0]), 0];
  for (let k = 0; k < 2; k++) {
    const rest = sum(a, negative(product(found, found)));
    found = sum(found, [rest[0] / (2 * found[0]), 0]);
  }
  return found;
}

/** sin(a + quarters pi / 2). */
function turned(a: DoubleDouble, quarters: number): DoubleDouble {
  const turns = Math.round(a[0] / halfPi[0]);
  const reduced = sum(a, product([-turns, 0], halfPi));
  const quarter = (((turns + quarters) % 4) + 4) % 4;
  const value = series(reduced, quarter % 2 === 0);
  return quarter < 2 ? value : negative(value);
}

/** The Taylor series of the sine (odd) or cosine for |x| <= pi / 4. */
function series(x: DoubleDouble, odd: boolean): DoubleDouble {
  const square = product(x, x);
  let term: DoubleDouble = odd ? x : [1, 0];
  let total = term;
  for (let k = odd ? 2 : 1; Math.abs(term[0]) > 1e-34; k += 2) {
    term = quotient(product(term, square), [-k * (k + 1), 0]);
    total = sum(total, term);
  }
  return total;
}

function twoSum(a: number, b: number): DoubleDouble {
  const total = a + b;
  const part = total - a;
  return [total, a - (total - part) + (b - part)];
}

/** For |a| >= |b|. */
function quickTwoSum(a: number, b: number): DoubleDouble {
  const total = a + b;
  return [total, b - (total - a)];
}

function twoProduct(a: number, b: number): DoubleDouble {
  const product = a * b;
  const [aHigh, aLow] = split(a);
  const [bHigh, bLow] = split(b);
  return [product, aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow];
}

/** Two halves of 26 bits. */
function split(a: number): DoubleDouble {
  const shifted = 134217729 * a;
  const high = shifted - (shifted - a);
  return [high, a - high];
}

/** value 2^bits, exactly. */
function integer(value: number, bits: number): bigint {
  const exponent = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) - 54;
  const shift = BigInt(exponent + bits);
  return BigInt(value * 2 ** -exponent) << shift;
}
