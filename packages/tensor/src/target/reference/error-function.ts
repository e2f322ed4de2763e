/**
 * erf and erfc of one number, by Taylor's series and by a continued fraction (DLMF 7.6.2 and 7.9.1): slow and plain.
 */

/** The error function. */
export function erf(x: number): number {
  if (Math.abs(x) < 1) return series(x);
  return x < 0 ? fraction(-x) - 1 : 1 - fraction(x);
}

/** 1 - erf x, accurate where that is small. */
export function erfc(x: number): number {
  if (x < -1) return 2 - fraction(-x);
  return x < 0.5 ? 1 - series(x) : x < 1 ? 1 - erf(x) : fraction(x);
}

/** 2 / sqrt(pi) e^(-x^2) times the sum of 2^n x^(2n+1) / (1 3 5 … (2n + 1)), for |x| <= 1. */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 40; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (sum * Math.exp(-x * x) * 2) / Math.sqrt(Math.PI);
}

/** erfc x for x >= 1: e^(-x^2) / sqrt(pi) / (x + 1/2 / (x + 1 / (x + 3/2 / (x + …)))). */
function fraction(x: number): number {
  if (x > 30) return 0;
  let below = x;
  for (let n = 400; n >= 1; n--) below = x + n / 2 / below;
  // The square of a number of 24 bits is exact.
  const high = Math.fround(x);
  return (Math.exp(-high * high) * Math.exp((high - x) * (high + x))) / (below * Math.sqrt(Math.PI));
}
