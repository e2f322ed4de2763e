/**
 * The coefficients of an explicit Runge–Kutta method, checked when they are written down.
 *
 * In: a, b, c, optionally the weights of one or two error estimates and of the dense output with the stages that only it
 * needs. Out: the same, frozen, after the row sums, every order condition of b, of the embedded formulas and of the dense
 * output (as polynomials in theta), and the claim `fsal` have been verified to rounding: to 1e-14 of the sum of the sizes
 * of the coefficients, at least 1. So a wrong digit cannot get past the import.
 */
import { TensorError } from "@leastaction/tensor";
import { elementaryWeights, type RootedTree, rootedTrees } from "./rooted-tree.ts";

/** Coefficients of an explicit Runge–Kutta method with s stages, and r stages more for its dense output. */
export interface ButcherTableau {
  readonly name: string;
  readonly order: number;
  readonly embeddedOrder?: number;
  /** Order of `dense`; without `dense`, of the cubic through values and slopes at both ends (at most 3). */
  readonly denseOrder: number;
  /** Whether the last stage is the field at the end of the step. */
  readonly fsal: boolean;
  /** [s][s], strictly lower triangular; row i may be cut after entry i - 1. */
  readonly a: readonly (readonly number[])[];
  /** [s]. */
  readonly b: readonly number[];
  /** [s]. */
  readonly c: readonly number[];
  /** [s]: b minus the weights of the embedded formula. */
  readonly error?: readonly number[];
  /** A second estimate, of a lower order q than that p of the first: together they shrink as h^(2 p - q + 1). */
  readonly coarseError?: { readonly order: number; readonly weights: readonly number[] };
  /** Stages s + 1, s + 2, …: `a` [r][s + r], cut as above, and `c` [r]. */
  readonly denseStages?: { readonly a: readonly (readonly number[])[]; readonly c: readonly number[] };
  /** [s + r][k]: entry j of row i is the coefficient of theta^(j+1) in the dense weight b_i(theta). */
  readonly dense?: readonly (readonly number[])[];
  readonly cites: readonly string[];
}

const tolerance = 1e-14;

/** The name of a method and the elementary weights of its stages, those of the dense output among them. */
interface Checked {
  readonly name: string;
  readonly phi: (tree: RootedTree) => readonly number[];
}

/**
 * The tableau, frozen, after all checks.
 * Errors: a row sum, an order condition or a claim that does not hold; it names the condition and the defect.
 */
export function butcherTableau(tableau: ButcherTableau): ButcherTableau {
  const { name, a, b, order, error, embeddedOrder = 0, coarseError, denseStages, dense, denseOrder } = tableau;
  const rows = [...a, ...(denseStages?.a ?? [])];
  expectRows(tableau, rows);
  const checked = { name, phi: elementaryWeights(rows.map((row) => rows.map((_, j) => row[j] ?? 0))) };
  expectOrder(checked, "b", b, order);
  if (error !== undefined) expectOrder(checked, "the embedded weights", without(b, error), embeddedOrder);
  if (coarseError !== undefined) {
    expectOrder(checked, "the coarse weights", without(b, coarseError.weights), coarseError.order);
  }
  if (dense !== undefined) expectDense(checked, dense, b, denseOrder);
  return Object.freeze(tableau);
}

function expectRows({ name, b, c, denseStages, fsal, a }: ButcherTableau, rows: readonly (readonly number[])[]): void {
  const times = [...c, ...(denseStages?.c ?? [])];
  rows.forEach((row, i) => {
    expectZero(name, `row ${i + 1} of a to sum to c`, sum(row) - (times[i] as number), row);
    const above = row.slice(i).find((value) => value !== 0);
    expectZero(name, `row ${i + 1} of a to be explicit`, above ?? 0);
  });
  if (!fsal) return;
  const last = a[a.length - 1] as readonly number[];
  b.forEach((weight, i) => {
    expectZero(name, `the last row of a to be b at ${i + 1}`, weight - (last[i] ?? 0));
  });
}

function expectOrder({ name, phi }: Checked, what: string, weights: readonly number[], order: number): void {
  for (const tree of treesUpTo(order)) {
    const defect = dot(weights, phi(tree)) - 1 / tree.density;
    expectZero(name, `${what} to meet every condition of order ${tree.order}`, defect, weights);
  }
}

function expectDense(
  { name, phi }: Checked,
  dense: readonly (readonly number[])[],
  b: readonly number[],
  order: number,
): void {
  dense.forEach((row, i) => {
    expectZero(name, `dense weight ${i + 1} to end at b`, sum(row) - (b[i] ?? 0), row);
  });
  const powers = Math.max(...dense.map((row) => row.length));
  for (let power = 1; power <= powers; power++) {
    const weights = dense.map((row) => row[power - 1] ?? 0);
    for (const tree of treesUpTo(order)) {
      const defect = dot(weights, phi(tree)) - (power === tree.order ? 1 / tree.density : 0);
      expectZero(name, `the dense weights to meet every condition of order ${tree.order}`, defect, weights);
    }
  }
}

function treesUpTo(order: number): RootedTree[] {
  return Array.from({ length: order }, (_, i) => rootedTrees(i + 1)).flat();
}

function expectZero(name: string, what: string, defect: number, coefficients: readonly number[] = []): void {
  const size = coefficients.reduce((total, each) => total + Math.abs(each), 0);
  if (Math.abs(defect) <= tolerance * Math.max(1, size)) return;
  throw new TensorError(
    `Cannot use the coefficients of ${name}: expected ${what}, got a defect of ${defect.toExponential(2)}`,
    "Compare the coefficients with the source, digit by digit.",
  );
}

function without(b: readonly number[], error: readonly number[]): number[] {
  return b.map((weight, i) => weight - (error[i] ?? 0));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * (b[i] as number), 0);
}
