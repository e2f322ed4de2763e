/**
 * The remainder of truncated division: exact, with the sign of the dividend, as `fmod`; integers by 0 give 0.
 *
 * Floats: while the quotient is small, a - b trunc(a / b) with an exact product, corrected once. Where it is not, or where
 * the product could over- or underflow, long division by one bit at a time (rare, slow, exact).
 */
import type { Block } from "../block.ts";
import {
  abs,
  add,
  and,
  div,
  equal,
  floor,
  less,
  lessEqual,
  max,
  mul,
  not,
  numberLike,
  read,
  select,
  sub,
} from "../build.ts";
import type { Expression } from "../kernel.ts";
import { twoProduct } from "./double.ts";
import { formatOf } from "./float-format.ts";

/** x - y trunc(x / y). */
export function rem(block: Block, x: Expression, y: Expression): Expression {
  if (x.dtype !== "float32" && x.dtype !== "float64") {
    return select(equal(y, 0), numberLike(x, 0), sub(x, mul(div(x, y), y)));
  }
  const a = block.name("a", abs(x));
  const b = block.name("b", abs(y));
  const quotient = block.name("quotient", floor(div(a, b)));
  const result = block.variable("remainder", remainderOnce(block, a, b, quotient));
  const { precision, leastNormal } = formatOf(x);
  const tame = and(less(quotient, 2 ** (precision - 2)), less(leastNormal * 2 ** (2 * precision), b));
  const wild = block.name("wild", not(and(tame, less(a, 2 ** -30 / leastNormal))));
  block.branch(wild, (body) => {
    body.set(result, select(wild, longDivision(body, a, b), read(result)));
  });
  const smaller = block.name("remainder", select(less(a, b), a, read(result)));
  const signed = select(less(x, 0), sub(numberLike(x, -0), smaller), select(equal(x, 0), x, smaller));
  return select(and(less(a, Number.POSITIVE_INFINITY), less(0, b)), signed, numberLike(x, Number.NaN));
}

/** a - b q, where q may be one too large. */
function remainderOnce(block: Block, a: Expression, b: Expression, quotient: Expression): Expression {
  const { high, low } = twoProduct(block, quotient, b);
  const rest = block.name("rest", sub(sub(a, high), low));
  return select(less(rest, 0), add(rest, b), rest);
}

/** Doubles b while it is at most a, then subtracts it on the way back. */
function longDivision(block: Block, a: Expression, b: Expression): Expression {
  const rest = block.variable("rest", a);
  const multiple = block.variable("multiple", b);
  const steps = a.dtype === "float64" ? 2100 : 280;
  block.loop("up", 0, steps, 1, (body) => {
    const twice = body.name("twice", mul(read(multiple), 2));
    body.set(multiple, select(lessEqual(twice, read(rest)), twice, read(multiple)));
  });
  block.loop("down", 0, steps, 1, (body) => {
    const fits = lessEqual(read(multiple), read(rest));
    body.set(rest, select(fits, sub(read(rest), read(multiple)), read(rest)));
    body.set(multiple, max(mul(read(multiple), 0.5), b));
  });
  return read(rest);
}
