/**
 * A positive definite matrix as L L', L a lower triangle with a positive diagonal that a network gives.
 *
 * Written out entry by entry: for the few coordinates of a mechanical system that is faster than a call, and any
 * derivative of it is that of sums and products.
 */
import { add, at, div, mul, softplus, sub, type Tensor } from "@leastaction/tensor";

/** L by rows; row i has i + 1 entries. */
export type TriangularFactor = readonly (readonly Tensor[])[];

/** The number of entries of a triangle with `d` rows. */
export function triangleSize(d: number): number {
  return (d * (d + 1)) / 2;
}

/**
 * The factor from any numbers: the diagonal is at least 0.05, and about 1 where they are 0.
 * @param entries [triangleSize(d)], row by row
 */
export function triangularFactor(entries: Tensor, d: number): TriangularFactor {
  return Array.from({ length: d }, (_, row) =>
    Array.from({ length: row + 1 }, (_, column) => {
      const entry = at(entries, triangleSize(row) + column);
      return row === column ? add(softplus(add(entry, 0.5)), 0.05) : entry;
    }),
  );
}

/** L' p, [d]. */
export function transposedTimes(lower: TriangularFactor, p: Tensor): readonly Tensor[] {
  return lower.map((_, column) =>
    lower.slice(column).reduce<Tensor | null>((total, row, i) => {
      const term = mul(row[column] as Tensor, at(p, column + i));
      return total === null ? term : add(total, term);
    }, null),
  ) as Tensor[];
}

/** L y, [d]. */
export function factorTimes(lower: TriangularFactor, y: readonly Tensor[]): readonly Tensor[] {
  return lower.map((row) => row.map((entry, column) => mul(entry, y[column] as Tensor)).reduce((a, b) => add(a, b)));
}

/** p with L L' p = v, [d]: forward, then backward substitution. */
export function solveFactored(lower: TriangularFactor, v: Tensor): readonly Tensor[] {
  const d = lower.length;
  const y: Tensor[] = [];
  for (let i = 0; i < d; i++) {
    const row = lower[i] as Tensor[];
    let rest = at(v, i);
    for (let k = 0; k < i; k++) rest = sub(rest, mul(row[k] as Tensor, y[k] as Tensor));
    y.push(div(rest, row[i] as Tensor));
  }
  const p: Tensor[] = [...y];
  for (let i = d - 1; i >= 0; i--) {
    let rest = y[i] as Tensor;
    for (let k = i + 1; k < d; k++) rest = sub(rest, mul((lower[k] as Tensor[])[i] as Tensor, p[k] as Tensor));
    p[i] = div(rest, (lower[i] as Tensor[])[i] as Tensor);
  }
  return p;
}
