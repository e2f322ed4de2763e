/**
 * How near a symmetric matrix is to a singular one.
 */
import { abs, add, at, eigh, maximum, min, mul, sqrt, square, sub, type Tensor } from "@leastaction/tensor";

/**
 * The smallest absolute eigenvalue of a symmetric matrix [n, n]: a scalar, with a finite gradient also where eigenvalues
 * are equal; traced.
 *
 * For n = 1 and 2 it is written out, which costs a few operations a point; for more it is that of `eigh`, to which what is
 * said there on gradients applies.
 */
export function smallestEigenvalue(g: Tensor): Tensor {
  const n = g.shape[0] as number;
  const entry = (i: number, j: number): Tensor => at(at(g, i), j);
  if (n === 1) return abs(entry(0, 0));
  if (n > 2) return min(abs(eigh(g).values));
  const middle = mul(0.5, add(entry(0, 0), entry(1, 1)));
  const half = mul(0.5, sub(entry(0, 0), entry(1, 1)));
  // Eigenvalues are middle ± radius; a root has no derivative at 0.
  const radius = sqrt(maximum(add(square(half), square(entry(0, 1))), 1e-30));
  return abs(sub(abs(middle), radius));
}
