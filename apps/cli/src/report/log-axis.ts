/** Ticks of an axis that counts in powers of ten, and their labels. */

/** Powers of ten from below the smallest to above the largest value; at most seven of them. */
export function powersOver(values: readonly number[]): readonly number[] {
  const exponents = values.filter((value) => value > 0).map(Math.log10);
  const from = Math.floor(exponents.reduce((a, b) => Math.min(a, b), 0));
  const span = Math.max(1, Math.ceil(exponents.reduce((a, b) => Math.max(a, b), from + 1)) - from);
  const step = Math.ceil(span / 6);
  return Array.from({ length: Math.ceil(span / step) + 1 }, (_, index) => 10 ** (from + index * step));
}

/** A power of ten as a label. */
export function power(value: number): string {
  return value >= 0.001 && value < 10_000
    ? String(Number(value.toPrecision(1)))
    : value.toExponential(0).replace("e+", "e").replace("-", "−");
}
