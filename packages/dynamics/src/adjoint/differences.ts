/**
 * Derivatives by differences of 8th order, with a measure of how far they can be trusted.
 */

/** A derivative and how much it changed with the length of the step: of each component. */
export interface Estimate {
  readonly value: readonly number[];
  readonly uncertainty: number;
}

const weights = [4 / 5, -1 / 5, 4 / 105, -1 / 280] as const;
/** Lengths of step, from where truncation rules to where rounding does, for functions that vary over lengths of 1. */
const lengths = [0.1, 0.03, 0.01, 0.003, 0.001];

/**
 * The derivative at 0 of a vector function of a number. Of neighbouring lengths of step the two that agree best are taken.
 *
 * @param scale the length over which the function is expected to vary
 */
export function difference(f: (s: number) => readonly number[], scale: number): Estimate {
  const found = lengths.map((length) => along(f, length * scale));
  let best: Estimate = { value: found[0] as readonly number[], uncertainty: Infinity };
  for (let i = 1; i < found.length; i++) {
    const [coarse, fine] = [found[i - 1] as readonly number[], found[i] as readonly number[]];
    const uncertainty = Math.max(0, ...fine.map((value, k) => Math.abs(value - (coarse[k] as number))));
    if (uncertainty < best.uncertainty) best = { value: fine, uncertainty };
  }
  return best;
}

function along(f: (s: number) => readonly number[], h: number): readonly number[] {
  const parts = weights.map((weight, k) => {
    const [up, down] = [f((k + 1) * h), f(-(k + 1) * h)];
    return up.map((value, i) => (weight * (value - (down[i] as number))) / h);
  });
  return (parts[0] as readonly number[]).map((_, i) => parts.reduce((total, part) => total + (part[i] as number), 0));
}
