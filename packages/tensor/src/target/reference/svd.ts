/**
 * Meaning of `svd`: rotations of pairs of columns until all are orthogonal, pair after pair, in float64 whatever the type;
 * then the left vectors by Gram and Schmidt.
 *
 * Source: Hestenes (1958), Inversion of matrices by biorthogonalization and related results, J. SIAM 6,
 * doi:10.1137/0106005.
 */
import type { Matrix } from "./linear-algebra.ts";

/** A = left diag(values) right^T, the columns of left and right orthonormal. */
export interface SingularValues {
  readonly left: Matrix;
  readonly values: Float64Array;
  readonly right: Matrix;
}

const mostSweeps = 60;

/** The thin decomposition, values in descending order; all NaN if any entry is not finite. */
export function singularValues(a: Matrix): SingularValues {
  const [rows, columns] = [a.length, a[0]?.length ?? 0];
  if (rows < columns) {
    const { left, values, right } = singularValues(transposed(a));
    return { left: right, values, right: left };
  }
  const largest = Math.max(0, ...a.map((row) => Math.max(0, ...row.map(Math.abs))));
  const scale = largest > 0 ? 2 ** Math.floor(Math.log2(largest)) : 1;
  const work = transposed(a.map((row) => row.map((x) => x / scale)));
  const right = work.map((_, i) => Float64Array.from(work, (__, j) => (i === j ? 1 : 0)));
  if (a.some((row) => !row.every(Number.isFinite))) {
    for (const row of [...work, ...right]) row.fill(Number.NaN);
    return { left: transposed(work), values: new Float64Array(columns).fill(Number.NaN), right };
  }
  let sweep = 0;
  while (sweep++ < mostSweeps && orthogonalize(work, right));
  const lengths = work.map(lengthOf);
  const order = lengths.map((_, i) => i).sort((i, j) => (lengths[j] as number) - (lengths[i] as number));
  return {
    left: transposed(orthonormal(order.map((i) => work[i] as Float64Array))),
    values: Float64Array.from(order, (i) => (lengths[i] as number) * scale),
    right: transposed(order.map((i) => right[i] as Float64Array)),
  };
}

/** @internal Rows and columns exchanged. */
export function transposed(a: Matrix): Float64Array[] {
  return Array.from({ length: a[0]?.length ?? 0 }, (_, j) => Float64Array.from(a, (row) => row[j] as number));
}

function dot(x: Float64Array, y: Float64Array): number {
  return x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
}

/** One sweep over all pairs; whether any was not orthogonal. */
function orthogonalize(columns: readonly Float64Array[], right: readonly Float64Array[]): boolean {
  let turned = false;
  const tolerance = columns.length * 2 ** -52;
  for (let p = 0; p < columns.length; p++) {
    for (let q = p + 1; q < columns.length; q++) {
      const [x, y] = [columns[p] as Float64Array, columns[q] as Float64Array];
      const [a, b, c] = [dot(x, x), dot(y, y), dot(x, y)];
      if (Math.abs(c) <= tolerance * Math.sqrt(a) * Math.sqrt(b)) continue;
      const zeta = (b - a) / (2 * c);
      const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
      const cosine = 1 / Math.hypot(1, t);
      turn(x, y, cosine, t * cosine);
      turn(right[p] as Float64Array, right[q] as Float64Array, cosine, t * cosine);
      turned = true;
    }
  }
  return turned;
}

function turn(x: Float64Array, y: Float64Array, cosine: number, sine: number): void {
  x.forEach((p, i) => {
    const q = y[i] as number;
    x[i] = cosine * p - sine * q;
    y[i] = sine * p + cosine * q;
  });
}

/** Each vector without its part along those before, at length 1; where nothing else is left, an axis takes its place. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const found: Float64Array[] = [];
  for (const vector of vectors) {
    let rest = without(vector, found);
    if (lengthOf(rest) <= 0.5 * lengthOf(vector)) {
      const axes = Array.from(vector, (_, axis) => Float64Array.from(vector, (__, i) => (i === axis ? 1 : 0)));
      const free = axes.map((axis) => without(axis, found));
      rest = free.reduce((best, next) => (lengthOf(next) > lengthOf(best) ? next : best));
    }
    const straight = without(rest, found);
    found.push(straight.map((x) => x / lengthOf(straight)));
  }
  return found;
}

function lengthOf(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}

function without(vector: Float64Array, directions: readonly Float64Array[]): Float64Array {
  const rest = vector.slice();
  for (const direction of directions) {
    const along = dot(rest, direction);
    rest.forEach((x, i) => {
      rest[i] = x - along * (direction[i] as number);
    });
  }
  return rest;
}
