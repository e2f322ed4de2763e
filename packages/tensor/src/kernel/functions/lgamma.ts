/**
 * lgamma, the logarithm of |gamma x|.
 *
 * Between 3/4 and 5/2 it is (y - 1)(y - 2)(1/2 + R(y)), so that nothing is lost next to the zeros at 1 and 2. What lies
 * below or up to 8 is brought there by gamma(x + 1) = x gamma(x), with the logarithm of the factors; above 8, Stirling's
 * series. Below 0 the factors are multiplied in two floats: next to each negative integer gamma is 1 or -1 somewhere, where
 * large logarithms would cancel. From -32 on (-16 in float32) there is no such place between floats, and the reflection
 * log(pi / |x sin(pi x)|) - lgamma(-x) does. Coefficients: `reference/make-coefficients.py`.
 */
import type { Block } from "../block.ts";
import {
  abs,
  add,
  and,
  div,
  equal,
  less,
  lessEqual,
  mul,
  not,
  numberLike,
  or,
  read,
  round,
  select,
  sub,
} from "../build.ts";
import type { Expression } from "../kernel.ts";
import { twoProduct } from "./double.ts";
import { byType } from "./float-format.ts";
import { accurateLog } from "./log.ts";
import { polynomial } from "./polynomial.ts";
import { accurateSin } from "./trigonometric.ts";

/** R in y - 3/4: where that is not negative, nothing cancels in the denominator. */
const above = {
  float32: [0.1504990444037891, 0.01583393821030318, -0.28394118854200384, -0.15913525127291617, -0.015787172012195098],
  float64: [
    0.15049904458014518, 0.3588378394480163, -0.02088312767161842, -0.7395327554733937, -0.8010341775178783,
    -0.3567056378593641, -0.07130931954520552, -0.00569179016857488, -0.00012354970287242428,
  ],
};
const below = {
  float32: [1.0, 2.446482707884461, 1.8871576759454056, 0.5000052809200671, 0.033313681145960956],
  float64: [
    1.0, 4.725593061165891, 8.971077861933525, 8.775433119670595, 4.723118565774543, 1.3862855035333763,
    0.20680290480469338, 0.013342514011147794, 0.00025127167918306354,
  ],
};

/** Of Stirling: (lgamma x - (x - 1/2)(log x - 1) - constant) x in 1 / x^2, on x >= 8. */
const series = {
  float32: [0.08333333326463777, -0.0027776985451962778, 0.0007800347189829517],
  float64: [
    0.0833333333333333, -0.002777777777606244, 0.0007936506649488252, -0.0005952025951802712, 0.0008372834512071336,
    -0.0016526004455595122,
  ],
};
const constant = 0.4189385332046727;

/** Where the series begins. */
const large = 8;
/** From here down there is a reflection. */
const lowest = { float32: -16, float64: -32 };

const infinity = Number.POSITIVE_INFINITY;

/** log |gamma x|; infinity at 0, at negative integers and at both infinities. */
export function lgamma(block: Block, x: Expression): Expression {
  const result = block.variable("lgamma", ofPositive(block, block.name("size", abs(x))));
  const negative = block.name("negative", less(x, 0));
  block.branch(negative, (body) => {
    const far = body.name("far", less(x, byType(x, lowest)));
    const reflected = body.name("reflected", reflection(body, x, read(result)));
    const multiplied = body.name("multiplied", byFactors(body, x, and(negative, not(far))));
    body.set(result, select(negative, select(far, reflected, multiplied), read(result)));
  });
  const pole = and(lessEqual(x, 0), equal(round(x), x));
  return select(or(pole, equal(abs(x), infinity)), numberLike(x, infinity), read(result));
}

/** For x >= 0. */
function ofPositive(block: Block, x: Expression): Expression {
  const small = block.name("small", less(x, 0.75));
  const far = block.name("far", lessEqual(large, x));
  // Nearest integers below, so that y is in [1.5, 2.5) where x is above that.
  let y = x;
  let factors = numberLike(x, 1);
  for (let step = 0; step < large - 2; step++) {
    const high = block.name("high", lessEqual(2.5, y));
    const next = block.name("next", select(high, sub(y, 1), y));
    factors = block.name("factors", select(high, mul(factors, next), factors));
    y = next;
  }
  const fromOne = block.name("fromOne", select(small, x, sub(y, 1)));
  const near = block.name("near", nearTwo(block, fromOne));
  const log = block.name("log", accurateLog(block, block.name("of", select(or(small, far), x, factors))));
  const inverse = block.name("inverse", div(numberLike(x, 1), x));
  const rest = add(mul(inverse, polynomial(mul(inverse, inverse), byType(x, series))), constant);
  const stirling = add(mul(sub(x, 0.5), sub(log, 1)), rest);
  return select(far, stirling, select(small, sub(near, log), add(near, log)));
}

/** lgamma(1 + s) for s from -1/4 to 3/2. */
function nearTwo(block: Block, s: Expression): Expression {
  const u = block.name("u", add(s, 0.25));
  const roots = block.name("roots", mul(s, sub(s, 1)));
  const quotient = div(polynomial(u, byType(s, above)), polynomial(u, byType(s, below)));
  return add(mul(roots, 0.5), mul(roots, quotient));
}

/** For x < 0, from lgamma(-x). */
function reflection(block: Block, x: Expression, ofOther: Expression): Expression {
  const rest = block.name("rest", abs(sub(x, round(x))));
  const sine = accurateSin(block, block.name("angle", mul(rest, Math.PI)));
  const product = block.name("product", div(mul(sine, abs(x)), numberLike(x, Math.PI)));
  return sub(numberLike(x, -0), add(accurateLog(block, product), ofOther));
}

/** For x between `lowest` and 0: lgamma(x + n) - log |x (x + 1) … (x + n - 1)|, in the lanes that are wanted. */
function byFactors(block: Block, x: Expression, wanted: Expression): Expression {
  const y = block.variable("y", select(wanted, x, 2));
  const product = block.variable("product", numberLike(x, 1));
  const error = block.variable("error", numberLike(x, 0));
  block.whileAny(less(read(y), 1.5), (body) => {
    const active = body.name("active", less(read(y), 1.5));
    const factor = body.name("factor", select(active, read(y), 1));
    const exact = twoProduct(body, read(product), factor);
    const low = body.name("low", add(mul(read(error), factor), exact.low));
    body.set(product, exact.high);
    body.set(error, low);
    body.set(y, select(active, add(read(y), 1), read(y)));
  });
  const near = nearTwo(block, block.name("fromOne", sub(read(y), 1)));
  const log = accurateLog(block, block.name("factors", abs(read(product))));
  return sub(near, add(log, div(read(error), read(product))));
}
