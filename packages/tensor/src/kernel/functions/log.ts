/**
 * log and log1p, after fdlibm (Sun Microsystems, 1993: e_log.c, s_log1p.c, and the float versions of FreeBSD).
 *
 * x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)); with s = f / (2 + f), log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)).
 * For log1p the rounding error c of 1 + x comes back as c / (1 + x). Errors stay below one unit of the last place.
 */
import type { Block } from "../block.ts";
import { abs, add, and, convert, div, equal, less, mul, not, numberLike, select, sub } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { fastLog, fastLog1p } from "./fast-log.ts";
import { byType, formatOf, splitExponent } from "./float-format.ts";
import { polynomial } from "./polynomial.ts";

const series = {
  float32: [0.66666662693, 0.40000972152, 0.28498786688, 0.24279078841],
  float64: [
    0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.2222219843214978, 0.1818357216161805,
    0.15313837699209373, 0.14798198605116586,
  ],
};

/** The natural logarithm; -infinity at 0, NaN below. */
export function log(block: Block, x: Expression): Expression {
  return block.accuracy === "fast" && x.dtype === "float32" ? fastLog(block, x) : accurateLog(block, x);
}

/** The natural logarithm, whatever accuracy the block asks for: a part of other functions. */
export function accurateLog(block: Block, x: Expression): Expression {
  const { leastNormal, precision } = formatOf(x);
  const small = block.name("small", less(x, leastNormal));
  const { k, m } = splitExponent(block, block.name("normal", select(small, mul(x, 2 ** precision), x)));
  const exponent = block.name("k", sub(convert(x.dtype, k), select(small, numberLike(x, precision), 0)));
  const f = block.name("f", sub(m, 1));
  return atEdges(x, logarithm(block, f, exponent, undefined), 0);
}

/** log(1 + x); -infinity at -1, NaN below; x itself where it is tiny. */
export function log1p(block: Block, x: Expression): Expression {
  if (block.accuracy === "fast" && x.dtype === "float32") return fastLog1p(block, x);
  const { roundoff } = formatOf(x);
  const u = block.name("u", add(x, 1));
  const { k, m } = splitExponent(block, u);
  const whole = block.name("whole", sub(u, 1));
  const lost = div(add(sub(1, sub(u, whole)), sub(x, whole)), u);
  const exponent = block.name("k", convert(x.dtype, k));
  const near = block.name("near", equal(exponent, 0));
  const f = block.name("f", select(near, x, sub(m, 1)));
  const result = logarithm(block, f, exponent, select(near, numberLike(x, 0), lost));
  return select(less(abs(x), roundoff), x, atEdges(x, result, -1));
}

/** k ln 2 + log(1 + f) + correction. */
function logarithm(block: Block, f: Expression, k: Expression, correction: Expression | undefined): Expression {
  const [high, low] = formatOf(f).ln2;
  const s = block.name("s", div(f, add(f, 2)));
  const z = block.name("z", mul(s, s));
  const half = block.name("half", mul(mul(f, f), 0.5));
  const rest = mul(z, polynomial(z, byType(f, series)));
  const small = correction === undefined ? mul(k, low) : add(mul(k, low), correction);
  return sub(mul(k, high), sub(sub(half, add(mul(s, add(half, rest)), small)), f));
}

/** The result where x is between the pole and infinity; outside -infinity, NaN, or x. */
function atEdges(x: Expression, result: Expression, pole: number): Expression {
  const inside = and(less(pole, x), less(x, Number.POSITIVE_INFINITY));
  const below = select(equal(x, pole), numberLike(x, Number.NEGATIVE_INFINITY), numberLike(x, Number.NaN));
  return select(inside, result, select(not(less(pole, x)), below, x));
}
