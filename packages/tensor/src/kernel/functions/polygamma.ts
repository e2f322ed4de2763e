/**
 * The derivatives of digamma: psi_n(x) = (-1)^(n+1) n! zeta(n + 1, x), n >= 1.
 *
 * zeta(s, x) is the sum of (x + j)^-s for j < N and the series of Euler and Maclaurin at x + N (DLMF 25.11.28), all
 * positive for x > 0 but for small terms of the series. Below 0: (-1)^n psi_n(1 - x) - pi (d/dx)^n cot(pi x).
 */
import type { Block } from "../block.ts";
import { add, div, equal, less, mul, neg, numberLike, read, round, select, sub } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { cotangent } from "./cotangent.ts";
import { byType, formatOf } from "./float-format.ts";
import { polynomial } from "./polynomial.ts";

/** The Bernoulli numbers B2, B4, … */
const bernoulli = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
  854513 / 138,
  -236364091 / 2730,
  8553103 / 6,
  -23749461029 / 870,
];

/** The derivative of digamma of an order from 1 on. */
export function polygamma(block: Block, x: Expression, order: number): Expression {
  const negative = block.name("negative", less(x, 0));
  const moved = block.name("moved", select(negative, sub(1, x), x));
  const zeta = mul(hurwitz(block, moved, order + 1), factorial(order));
  const odd = order % 2 === 1;
  const value = block.variable("polygamma", odd ? zeta : neg(zeta));
  block.branch(negative, (body) => {
    const cotangents = mul(derivativeOfCotangent(body, cotangent(body, x), order), Math.PI ** (order + 1));
    const reflected = sub(odd ? neg(read(value)) : read(value), cotangents);
    const pole = odd ? reflected : select(equal(round(x), x), numberLike(x, Number.NaN), reflected);
    body.set(value, select(negative, pole, read(value)));
  });
  return read(value);
}

/** The sum of (x + j)^-s over all j >= 0, for x >= 0 and an integer s >= 2; from the small terms to the large. */
function hurwitz(block: Block, x: Expression, s: number): Expression {
  const terms = byType(x, { float32: 6, float64: 12 }) + Math.floor(s / 2);
  const last = block.name("inverse", div(numberLike(x, 1), add(x, terms)));
  const square = block.name("square", mul(last, last));
  const series = add(mul(last, 0.5), mul(square, polynomial(square, eulerMaclaurin(s, terms, formatOf(x).roundoff))));
  let sum = mul(power(block, last, s - 1), add(series, 1 / (s - 1)));
  for (let j = terms - 1; j >= 0; j--) {
    const inverse = block.name("inverse", div(numberLike(x, 1), j === 0 ? x : add(x, j)));
    sum = block.name("sum", add(sum, power(block, inverse, s)));
  }
  return sum;
}

/** B2k / (2k)! s (s + 1) … (s + 2k - 2), until one is nothing beside the whole at `least`. */
function eulerMaclaurin(s: number, least: number, roundoff: number): number[] {
  const found: number[] = [];
  let rising = s / 2;
  for (const [at, number] of bernoulli.entries()) {
    found.push(number * rising);
    if (Math.abs(number * rising) * (s - 1) < roundoff * least ** (2 * at + 2)) break;
    const k = at + 1;
    rising *= ((s + 2 * k - 1) * (s + 2 * k)) / ((2 * k + 1) * (2 * k + 2));
  }
  return found;
}

function power(block: Block, x: Expression, exponent: number): Expression {
  if (exponent === 1) return x;
  const half = power(block, x, exponent >> 1);
  const square = block.name("power", mul(half, half));
  return exponent % 2 === 0 ? square : block.name("power", mul(square, x));
}

/** (d/dx)^n cot x as a polynomial in c = cot x: P0 = c, and P(n+1) = -(1 + c^2) P(n)'. */
function derivativeOfCotangent(block: Block, cotangentOfX: Expression, order: number): Expression {
  let coefficients: number[] = [0, 1];
  for (let n = 0; n < order; n++) {
    const slope = coefficients.slice(1).map((coefficient, i) => coefficient * (i + 1));
    coefficients = [...slope, 0, 0].map((coefficient, i) => -coefficient - (slope[i - 2] ?? 0));
  }
  const c = block.name("c", cotangentOfX);
  const parity = (order + 1) % 2;
  const even = coefficients.filter((_, i) => i % 2 === parity);
  const value = polynomial(block.name("square", mul(c, c)), even);
  return parity === 0 ? value : mul(c, value);
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
