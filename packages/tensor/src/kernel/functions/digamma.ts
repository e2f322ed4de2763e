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

/** R in y - 3/2. */
const above = {
  float32: [-0.04894413594265986, -0.48069801587094085, -0.27211027042659197, -0.03127595045852476],
  float64: [
    -0.04894412396816712, -0.5116578229382418, -0.5820575314071986, -0.2615245170529238, -0.05624404461526665,
    -0.00587799314279657, -0.0002673306535394149, -3.6991440151026193e-6,
  ],
};
const below = {
  float32: [1, 1.1660343447496586, 0.3818430742793377, 0.03255510918397894],
  float64: [
    1, 1.7985897901459147, 1.2395371698708222, 0.422010115235857, 0.07558584429635329, 0.006932736666765025,
    0.0002867209900415319, 3.7227707876004665e-6,
  ],
};

/** (log x - 1 / (2 x) - digamma x) x^2 in 1 / x^2, on x >= 8. */
const series = {
  float32: [0.08333321417101687, -0.008272198552423103],
  float64: [
    0.08333333333330019, -0.00833333322714055, 0.003968199261569387, -0.004156728463754065, 0.006826275239865082,
  ],
};

/** The zero less 3/2, in two floats. */
const zero = {
  float32: [-0.0383678562939167, 1.2622790435331673e-9],
  float64: [-0.03836785503163766, -1.6445603550442201e-18],
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
  const middle = block.name("middle", select(small, sub(x, 0.5), sub(y, 1.5)));
  const near = add(block.name("near", nearZero(block, middle)), sum);
  const square = block.name("square", mul(inverse, inverse));
  const rest = add(mul(inverse, 0.5), mul(square, polynomial(square, byType(x, series))));
  return select(far, sub(accurateLog(block, x), rest), near);
}

/** digamma(3/2 + u) for u from -3/4 to 1. */
function nearZero(block: Block, u: Expression): Expression {
  const [high, low] = byType<readonly [number, number]>(u, zero);
  const fromZero = block.name("fromZero", sub(sub(u, high), low));
  const quotient = div(polynomial(u, byType(u, above)), polynomial(u, byType(u, below)));
  return add(fromZero, mul(fromZero, quotient));
}
