/**
 * Meaning of `eigh`: Householder's reduction to three diagonals, then the QL method with implicit shifts, one matrix after
 * another, in float64 whatever the type. Targets run Jacobi's method, or the QR method on all members in step
 * (`lower/define/eigh.ts`).
 *
 * Source: Martin, Wilkinson et al. in Wilkinson, Reinsch (1971), Handbook for Automatic Computation II, contributions
 * II/2 to II/4, doi:10.1007/978-3-642-86940-2.
 */
import type { Matrix } from "./linear-algebra.ts";

/** Values in ascending order, and vectors as columns. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Matrix;
}

/** Far more than ever needed for one eigenvalue: two or three do. */
const mostTurns = 60;

/** The eigenvalues and eigenvectors of the symmetric part of `given`; all NaN if any entry is not finite. */
export function eigen(given: Matrix): Eigen {
  const n = given.length;
  const largest = Math.max(0, ...given.map((row) => Math.max(...row.map(Math.abs))));
  const scale = largest > 0 ? 2 ** Math.floor(Math.log2(largest)) : 1;
  const a = given.map((row, i) => row.map((x, j) => (0.5 * x) / scale + (0.5 * (given[j]?.[i] as number)) / scale));
  const vectors = a.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
  reduce(a, vectors);
  const values = a.map((row, i) => row[i] as number);
  const beside = a.map((row, i) => (i + 1 < n ? (row[i + 1] as number) : 0));
  for (let first = 0; first < n; first++) isolate(values, beside, vectors, first);
  if (!values.every(Number.isFinite)) {
    return { values: new Float64Array(n).fill(Number.NaN), vectors: a.map((row) => row.fill(Number.NaN)) };
  }
  const order = values.map((_, i) => i).sort((i, j) => (values[i] as number) - (values[j] as number));
  return {
    values: Float64Array.from(order, (i) => (values[i] as number) * scale),
    vectors: vectors.map((row) => Float64Array.from(order, (i) => row[i] as number)),
  };
}

const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] as number) * (y[i] as number);
  return sum;
};

/** Reflections H A H until A has three diagonals; `q` becomes their product. */
function reduce(a: Matrix, q: Matrix): void {
  const n = a.length;
  for (let k = 0; k + 2 < n; k++) {
    const v = Float64Array.from(a, (row, i) => (i > k ? (row[k] as number) : 0));
    const length = Math.sqrt(dot(v, v));
    v[k + 1] = (v[k + 1] as number) + ((v[k + 1] as number) < 0 ? -length : length);
    const square = dot(v, v);
    if (square === 0) continue;
    const half = 2 / square;
    const p = Float64Array.from(a, (row) => half * dot(row, v));
    const share = 0.5 * half * dot(p, v);
    const w = p.map((x, i) => x - share * (v[i] as number));
    a.forEach((row, i) => {
      row.forEach((x, j) => {
        row[j] = x - (v[i] as number) * (w[j] as number) - (w[i] as number) * (v[j] as number);
      });
    });
    for (const row of q) {
      const along = half * dot(row, v);
      row.forEach((x, j) => {
        row[j] = x - along * (v[j] as number);
      });
    }
  }
}

/** Turns until entry `first` beside the diagonal is negligible, so that `values[first]` is an eigenvalue. */
function isolate(values: number[], beside: number[], vectors: Matrix, first: number): void {
  for (let turn = 0; turn < mostTurns; turn++) {
    let last = first;
    while (last + 1 < values.length && !isNegligible(values, beside, last)) last++;
    if (last === first) return;
    chase(values, beside, vectors, first, last);
  }
}

function isNegligible(values: readonly number[], beside: readonly number[], i: number): boolean {
  return (
    Math.abs(beside[i] as number) <= 2 ** -53 * (Math.abs(values[i] as number) + Math.abs(values[i + 1] as number))
  );
}

/** One step of QL on rows `first` to `last`. */
function chase(d: number[], e: number[], vectors: Matrix, first: number, last: number): void {
  const slope = ((d[first + 1] as number) - (d[first] as number)) / (2 * (e[first] as number));
  const root = Math.hypot(slope, 1);
  let g = (d[last] as number) - (d[first] as number) + (e[first] as number) / (slope + (slope < 0 ? -root : root));
  let [s, c, p] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = s * (e[i] as number);
    const b = c * (e[i] as number);
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = (d[i + 1] as number) - p;
      e[last] = 0;
      return;
    }
    [s, c] = [f / r, g / r];
    g = (d[i + 1] as number) - p;
    const next = ((d[i] as number) - g) * s + 2 * c * b;
    p = s * next;
    d[i + 1] = g + p;
    g = c * next - b;
    for (const row of vectors) {
      const [x, y] = [row[i] as number, row[i + 1] as number];
      row[i + 1] = s * x + c * y;
      row[i] = c * x - s * y;
    }
  }
  d[first] = (d[first] as number) - p;
  e[first] = g;
  e[last] = 0;
}
