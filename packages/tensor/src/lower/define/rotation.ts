/**
 * Jacobi's rotation, by element: the smaller angle that makes a symmetric matrix of two rows diagonal.
 */
import { and, equal, less, not, select } from "../../ops/comparison.ts";
import { add, div, mul, sqrt, sub } from "../../ops/elementwise.ts";
import type { Tensor } from "../../trace/tensor.ts";

/** Tangent and sine of the angle, and tau = tangent of its half. */
export interface Rotation {
  readonly tangent: Tensor;
  readonly sine: Tensor;
  readonly tau: Tensor;
}

/**
 * For [[p, off], [off, q]] with gap = q - p. Where `off` is zero, or `active` does not hold, nothing turns.
 *
 * Source: Golub, G. H., Van Loan, C. F. (2013), Matrix Computations, 4th edition, section 8.5.2.
 */
export function rotationOf(gap: Tensor, off: Tensor, active?: Tensor): Rotation {
  const twice = mul(2, off);
  const length = sqrt(add(mul(gap, gap), mul(twice, twice)));
  const sum = select(less(gap, 0), sub(gap, length), add(gap, length));
  const nonzero = not(equal(sum, 0));
  const turns = active === undefined ? nonzero : and(nonzero, active);
  const tangent = select(turns, div(twice, select(turns, sum, 1)), 0);
  const cosine = div(1, sqrt(add(1, mul(tangent, tangent))));
  const sine = mul(tangent, cosine);
  return { tangent, sine, tau: div(sine, add(1, cosine)) };
}

/** Both of a pair, turned. */
export function turned({ sine, tau }: Omit<Rotation, "tangent">, p: Tensor, q: Tensor): readonly [Tensor, Tensor] {
  return [sub(p, mul(sine, add(q, mul(tau, p)))), add(q, mul(sine, sub(p, mul(tau, q))))];
}
