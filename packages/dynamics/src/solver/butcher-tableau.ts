/**
 * The coefficients of an explicit Runge–Kutta method, checked when they are written down.
 *
 * In: a, b, c, optionally the weights of the error estimate and of the dense output. Out: the same, frozen, after the
 * row sums, the order conditions of b, of the embedded formula and of the dense output (as polynomials in theta) up to
 * order 5, and the claim `fsal` have been verified to rounding. So a wrong digit cannot get past the import.
 */
import { TensorError } from "@leastaction/tensor";
import { elementaryWeights, type RootedTree, rootedTrees } from "./rooted-tree.ts";

/** Coefficients of an explicit Runge–Kutta method with s stages. */
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
  /** [s][k]: entry j of row i is the coefficient of theta^(j+1) in the dense weight b_i(theta). */
  readonly dense?: readonly (readonly number[])[];
  readonly cites: readonly string[];
}

const tolerance = 1e-12;
const highestCheckedOrder = 5;

/**
 * The tableau with its rows filled up with zeros, after all checks.
 * Errors: a row sum, an order condition or a claim that does not hold; it names the condition and the defect.
 */
export function butcherTableau(tableau: ButcherTableau): ButcherTableau {
  const stages = tableau.b.length;
  const a = tableau.a.map((row) => Array.from({ length: stages }, (_, j) => row[j] ?? 0));
  const full: ButcherTableau = Object.freeze({ ...tableau, a });
  expectRows(full);
  expectOrder(full, "b", tableau.b, tableau.order);
  if (tableau.error !== undefined) {
    const embedded = tableau.b.map((weight, i) => weight - ((tableau.error as readonly number[])[i] as number));
    expectOrder(full, "the embedded weights", embedded, tableau.embeddedOrder ?? 0);
  }
  if (tableau.dense !== undefined) expectDense(full, tableau.dense);
  return full;
}

function expectRows({ name, a, b, c, fsal }: ButcherTableau): void {
  a.forEach((row, i) => {
    expectZero(name, `row ${i + 1} of a to sum to c`, sum(row) - (c[i] as number));
    const above = row.slice(i).find((value) => value !== 0);
    expectZero(name, `row ${i + 1} of a to be explicit`, above ?? 0);
  });
  if (!fsal) return;
  const last = a[a.length - 1] as readonly number[];
  b.forEach((weight, i) => {
    expectZero(name, `the last row of a to be b at ${i + 1}`, weight - (last[i] as number));
  });
}

function expectOrder({ name, a }: ButcherTableau, what: string, weights: readonly number[], order: number): void {
  for (const tree of treesUpTo(order)) {
    const defect = dot(weights, elementaryWeights(tree, a)) - 1 / tree.density;
    expectZero(name, `${what} to meet every condition of order ${tree.order}`, defect);
  }
}

function expectDense({ name, a, b, denseOrder }: ButcherTableau, dense: readonly (readonly number[])[]): void {
  dense.forEach((row, i) => {
    expectZero(name, `dense weight ${i + 1} to end at b`, sum(row) - (b[i] as number));
  });
  const powers = Math.max(...dense.map((row) => row.length));
  for (const tree of treesUpTo(denseOrder)) {
    const phi = elementaryWeights(tree, a);
    for (let power = 1; power <= powers; power++) {
      const found = dot(
        dense.map((row) => row[power - 1] ?? 0),
        phi,
      );
      const wanted = power === tree.order ? 1 / tree.density : 0;
      expectZero(name, `the dense weights to meet every condition of order ${tree.order}`, found - wanted);
    }
  }
}

function treesUpTo(order: number): RootedTree[] {
  const orders = Array.from({ length: Math.min(order, highestCheckedOrder) }, (_, i) => i + 1);
  return orders.flatMap((count) => rootedTrees(count));
}

function expectZero(name: string, what: string, defect: number): void {
  if (Math.abs(defect) <= tolerance) return;
  throw new TensorError(
    `Cannot use the coefficients of ${name}: expected ${what}, got a defect of ${defect.toExponential(2)}`,
    "Compare the coefficients with the source, digit by digit.",
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * (b[i] as number), 0);
}
