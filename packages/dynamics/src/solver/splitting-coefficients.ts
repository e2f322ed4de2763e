/**
 * The coefficients of a splitting, checked when they are written down.
 *
 * In: the shares of the step of the drifts (positions move, momenta rest) and kicks (momenta move, positions rest), in
 * the order of their application. Out: the same, frozen, after consistency, symmetry where it is claimed, and every
 * order condition have been verified to rounding: those of words for any separable field (`word-series.ts`), those of
 * special Nyström trees for fields with a quadratic kinetic energy (`nystrom-tree.ts`), which are fewer. So a wrong
 * digit cannot get past the import.
 */
import { TensorError } from "@leastaction/tensor";
import { nystromTable } from "./nystrom-table.ts";
import { wordDefects } from "./word-series.ts";

/** A splitting into drifts and kicks. */
export interface SplittingCoefficients {
  readonly name: string;
  readonly order: number;
  /** For which fields it has this order. */
  readonly field: "separable" | "quadratic";
  readonly first: "drift" | "kick";
  /** Shares of the step, drifts and kicks in turn. */
  readonly weights: readonly number[];
  /** Whether the weights read backwards are the same, so that the step of -h undoes that of h. */
  readonly symmetric: boolean;
  /** Whether the dense output is as accurate as the end of its step (`hermiteValues`); absent: no. */
  readonly denseWithinStep?: boolean;
  readonly cites: readonly string[];
}

const tolerance = 1e-13;

/**
 * The coefficients after all checks. Errors: a condition or a claim that does not hold; it names the condition and the
 * defect.
 */
export function splittingCoefficients(coefficients: SplittingCoefficients): SplittingCoefficients {
  const { name, order, field, weights, symmetric } = coefficients;
  for (const what of ["drift", "kick"] as const) {
    const total = weightsOf(coefficients, what).reduce((sum, weight) => sum + weight, 0);
    expectZero(name, `the ${what}s to sum to 1`, total - 1);
  }
  if (symmetric) {
    const ends = weights.map((weight, i) => Math.abs(weight - (weights[weights.length - 1 - i] as number)));
    expectZero(
      name,
      "an odd number of flows that reads the same backwards",
      Math.max(...ends, 1 - (weights.length % 2)),
    );
  }
  if (field === "separable") expectWords(coefficients);
  else nystromTable(tableOf(coefficients));
  expectZero(name, "an order of at least 1", Math.max(0, 1 - order));
  return Object.freeze({ ...coefficients, weights: Object.freeze([...weights]) });
}

/** A composition of Störmer–Verlet steps of these shares, each kick-drift-kick: neighbouring kicks are one. */
export function verletComposition(shares: readonly number[]): number[] {
  const kicks = [...shares, 0].map((share, i) => (share + (shares[i - 1] ?? 0)) / 2);
  return kicks.flatMap((kick, i) => (i < shares.length ? [kick, shares[i] as number] : [kick]));
}

/** The whole list of a symmetric composition: the given shares, the middle one that makes their sum 1, and back. */
export function symmetricShares(shares: readonly number[]): number[] {
  const middle = 1 - 2 * shares.reduce((total, share) => total + share, 0);
  return [...shares, middle, ...[...shares].reverse()];
}

/**
 * The weights of a symmetric splitting from its free ones: those of the outer and of the inner kind up to the middle.
 * When there are as many of each kind the middle is of the inner kind, otherwise of the outer; the last of each kind is
 * what makes its sum 1.
 */
export function interleaved(outer: readonly number[], inner: readonly number[]): number[] {
  const half = (weights: readonly number[]): number => 1 / 2 - weights.reduce((total, weight) => total + weight, 0);
  const middleIsOuter = outer.length > inner.length;
  const [a, b] = [[...outer], [...inner]];
  if (middleIsOuter) b.push(half(inner));
  else a.push(half(outer));
  const before = a.flatMap((weight, i) => (b[i] === undefined ? [weight] : [weight, b[i]]));
  return [...before, 2 * half(middleIsOuter ? outer : inner), ...[...before].reverse()];
}

function weightsOf({ first, weights }: SplittingCoefficients, what: "drift" | "kick"): number[] {
  return weights.filter((_, i) => (i % 2 === 0) === (first === what));
}

function expectWords({ name, order, first, weights }: SplittingCoefficients): void {
  const start = first === "drift" ? 0 : 1;
  const flows = weights.map((weight, i) => ({ letter: (i % 2 === 0 ? start : 1 - start) as 0 | 1, weight }));
  wordDefects(flows, order).forEach((defect, i) => {
    expectZero(name, `every condition of order ${i + 1} to hold`, defect);
  });
}

/** The same method as one of Runge–Kutta–Nyström: a stage for each kick. */
function tableOf({ name, order, first, weights, symmetric, cites }: SplittingCoefficients) {
  const start = first === "kick" ? 0 : 1;
  const b = weights.filter((_, i) => i % 2 === start);
  const c = b.map((_, stage) => {
    const before = weights.slice(0, 2 * stage + start).filter((__, i) => i % 2 !== start);
    return before.reduce((total, weight) => total + weight, 0);
  });
  const a = c.map((node, i) => b.slice(0, i).map((weight, j) => weight * (node - (c[j] as number))));
  const bBar = b.map((weight, i) => weight * (1 - (c[i] as number)));
  return { name, order, fsal: false, symplectic: true, symmetric, c, a, b, bBar, cites };
}

function expectZero(name: string, what: string, defect: number): void {
  if (Math.abs(defect) <= tolerance) return;
  throw new TensorError(
    `Cannot use the coefficients of ${name}: expected ${what}, got a defect of ${defect.toExponential(2)}`,
    "Compare the coefficients with the source, digit by digit.",
  );
}
