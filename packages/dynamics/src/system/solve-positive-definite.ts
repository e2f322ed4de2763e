/**
 * The solution of M x = b for a symmetric, positive definite M, in any arithmetic: Cholesky's method, M = L L^T.
 * It needs no pivoting, and so no comparison, and so it can be traced.
 *
 * Source: Golub, Van Loan, 2013, Matrix Computations, 4th edition, section 4.2.
 */

import type { Arithmetic, Value } from "./arithmetic.ts";

/**
 * @param matrix [n][n], of which the lower triangle is read
 * @param right [n]
 * @returns [n]
 */
export function solvePositiveDefinite<V>(
  { add, sub, mul, div, sqrt }: Arithmetic<V>,
  matrix: readonly (readonly Value<V>[])[],
  right: readonly Value<V>[],
): readonly Value<V>[] {
  const n = right.length;
  const factor: Value<V>[][] = [];
  const forward: Value<V>[] = [];
  const entry = (row: number, column: number): Value<V> => factor[row]?.[column] ?? 0;
  const dot = (count: number, term: (k: number) => Value<V>): Value<V> => {
    let sum: Value<V> = 0;
    for (let k = 0; k < count; k++) sum = add(sum, term(k));
    return sum;
  };
  for (let i = 0; i < n; i++) {
    factor[i] = [];
    for (let j = 0; j <= i; j++) {
      const rest = sub(
        matrix[i]?.[j] ?? 0,
        dot(j, (k) => mul(entry(i, k), entry(j, k))),
      );
      (factor[i] as Value<V>[])[j] = i === j ? sqrt(rest) : div(rest, entry(j, j));
    }
    const known = dot(i, (k) => mul(entry(i, k), forward[k] ?? 0));
    forward[i] = div(sub(right[i] ?? 0, known), entry(i, i));
  }
  const solution: Value<V>[] = new Array<Value<V>>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    const known = dot(n - 1 - i, (k) => mul(entry(i + 1 + k, i), solution[i + 1 + k] ?? 0));
    solution[i] = div(sub(forward[i] ?? 0, known), entry(i, i));
  }
  return solution;
}
