/**
 * digamma, the derivative of lgamma.
 *
 * Between 3/4 and 5/2 it is (y - z)(1 + R(y)) with z its zero in two floats. What lies below or up to 8 is brought there by
 * digamma(x + 1) = digamma(x) + 1/x; above 8, the series for large arguments; below 0, digamma(1 - x) - pi cot(pi x).
 * Coefficients: `reference/make-coefficients.py`.
 */
import type { Block } from "../block.ts";
import { add, div, equal, less, lessEqual, mul, neg, numberLike, read, round, select, sub } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { cotangent } from "./cotangent.ts";
import { byType } from "./float-format.ts";
import { accurateLog } from "./log.ts";
import { polynomial } from "./polynomial.ts";

/** R in y - 3/4: where that is not negative, nothing cancels in the denominator. */
const above = {
  float32: [0.5258738297804713, -0.3837687526950022, -0.6178341004779235, -0.0957837212379313],
  float64: [
    0.5258738485383445, 0.03164626478938713, -0.8303099551451413, -0.642016487707387, -0.18902267431107977,
    -0.024502170432871787, -0.0012872899229518654, -1.920805123539852e-5,
  ],
};
const below = {
  float32: [1.0, 1.98515561900527, 0.9450804457875627, 0.09970119076265282],
  float64: [
    1.0, 2.7751110532181227, 2.6856546067936375, 1.2040068531014878, 0.269765881415794, 0.0295273602538709,
    0.001387331445570584, 1.9330734822415653e-5,
  ],
};

/** (log x - 1 / (2 x) - digamma x) x^2 in 1 / x^2, on x >= 8. */
const series = {
  float32: [0.08333321417101687, -0.008272198552423103],
  float64: [
    0.08333333333330019, -0.00833333322714055, 0.003968199261569387, -0.004156728463754065, 0.006826275239865082,
  ],
};

/** The zero less 3/4, in two floats. */
const zero = {
  float32: [0.7116321325302124, 1.2438149938918909e-8],
  float64: [0.7116321449683624, -1.5522348162858677e-17],
} as const;

/** Where the series begins. */
const large = 8;

/** The derivative of lgamma; infinite at zeros with the other sign, NaN at negative integers and at -infinity. */
export function digamma(block: Block, x: Expression): Expression {
  const negative = block.name("negative", less(x, 0));
  const value = block.variable("digamma", ofPositive(block, block.name("moved", select(negative, sub(1, x), x))));
  block.branch(negative, (body) => {
    const reflected = sub(read(value), mul(cotangent(body, x), Math.PI));
    body.set(value, select(negative, select(equal(round(x), x), numberLike(x, Number.NaN), reflected), read(value)));
  });
  return read(value);
}

/** For x >= 0. */
function ofPositive(block: Block, x: Expression): Expression {
  const small = block.name("small", less(x, 0.75));
  const far = block.name("far", lessEqual(large, x));
  const inverse = block.name("inverse", div(numberLike(x, 1), x));
  let y = x;
  let sum = select(small, neg(inverse), numberLike(x, 0));
  for (let step = 0; step < large - 2; step++) {
    const high = block.name("high", lessEqual(2.5, y));
    const next = block.name("next", select(high, sub(y, 1), y));
    sum = block.name("sum", select(high, add(sum, div(numberLike(x, 1), next)), sum));
    y = next;
  }
  const u = block.name("u", select(small, add(x, 0.25), sub(y, 0.75)));
  const near = add(block.name("near", nearZero(block, u)), sum);
  const square = block.name("square", mul(inverse, inverse));
  const rest = add(mul(inverse, 0.5), mul(square, polynomial(square, byType(x, series))));
  return select(far, sub(accurateLog(block, x), rest), near);
}

/** digamma(3/4 + u) for u from 0 to 7/4. */
function nearZero(block: Block, u: Expression): Expression {
  const [high, low] = byType<readonly [number, number]>(u, zero);
  const fromZero = block.name("fromZero", sub(sub(u, high), low));
  const quotient = div(polynomial(u, byType(u, above)), polynomial(u, byType(u, below)));
  return add(fromZero, mul(fromZero, quotient));
}
