/**
 * Eigenvalues and eigenvectors of small symmetric matrices on the host.
 */

/** The spectrum of a symmetric matrix. */
export interface SymmetricEigen {
  /** In descending order. */
  readonly values: readonly number[];
  /** Orthonormal, in the order of `values`: `vectors[k]` belongs to `values[k]`. */
  readonly vectors: readonly (readonly number[])[];
}

/**
 * The spectrum by cyclic Jacobi rotations: accurate for small eigenvalues, and simple; meant for up to some 50 rows.
 * Golub, Van Loan, 2013, "Matrix computations", 4th edition, algorithm 8.5.3.
 *
 * @param matrix row-major [n, n]; only its symmetric part is used
 * @param n number of rows
 */
export function symmetricEigen(matrix: ArrayLike<number>, n: number): SymmetricEigen {
  const a = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (__, j) => ((matrix[i * n + j] as number) + (matrix[j * n + i] as number)) / 2),
  );
  const v = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 60 && offDiagonal(a) > 0; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, v, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => entry(a, j, j) - entry(a, i, i));
  return {
    values: order.map((i) => entry(a, i, i)),
    vectors: order.map((i) => v.map((row) => row[i] as number)),
  };
}

/** One rotation that makes a[p][q] zero; the columns of `v` turn along. */
function rotate(a: number[][], v: number[][], p: number, q: number): void {
  const [app, aqq, apq] = [entry(a, p, p), entry(a, q, q), entry(a, p, q)];
  if (Math.abs(apq) <= Number.EPSILON * 1e-3 * Math.sqrt(Math.abs(app * aqq))) {
    set(a, p, q, 0);
    set(a, q, p, 0);
    return;
  }
  const tau = (aqq - app) / (2 * apq);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (const rows of [a, v]) {
    for (const row of rows) {
      const [x, y] = [row[p] as number, row[q] as number];
      row[p] = c * x - s * y;
      row[q] = s * x + c * y;
    }
  }
  const [first, second] = [a[p] as number[], a[q] as number[]];
  for (let k = 0; k < first.length; k++) {
    const [x, y] = [first[k] as number, second[k] as number];
    first[k] = c * x - s * y;
    second[k] = s * x + c * y;
  }
}

function offDiagonal(a: readonly (readonly number[])[]): number {
  let total = 0;
  a.forEach((row, i) => {
    row.forEach((value, j) => {
      if (i !== j) total += Math.abs(value);
    });
  });
  return total;
}

function entry(a: readonly (readonly number[])[], i: number, j: number): number {
  return (a[i] as readonly number[])[j] as number;
}

function set(a: number[][], i: number, j: number, value: number): void {
  (a[i] as number[])[j] = value;
}
