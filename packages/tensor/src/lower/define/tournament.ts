/**
 * Rotations of rows in parallel order: a tournament.
 *
 * The rows stand in two halves and row i of the first meets row i of the second, so that one round makes n/2 rotations at
 * once as work by element; then all but the first row move on by one place. After n - 1 rounds, a sweep, every pair has
 * met and every row is back at its place.
 *
 * Source: Brent, Luk (1985), The solution of singular-value and symmetric eigenvalue problems on multiprocessor arrays,
 * SIAM J. Sci. Stat. Comput. 6, 69-84, doi:10.1137/0906007.
 */
import { concatenate, expandDimensions, slice } from "../../ops/movement.ts";
import type { Tensor } from "../../trace/tensor.ts";
import { type Rotation, turned } from "./rotation.ts";

/** The two halves of axis 1, of even extent. */
export function halves(x: Tensor): readonly [Tensor, Tensor] {
  const half = (x.shape[1] as number) / 2;
  return [slice(x, 1, 0, half), slice(x, 1, half)];
}

/** The halves of the rows of [batch, n, m] turned against each other by rotations [batch, half], and moved on. */
export function playRound(x: Tensor, { sine, tau }: Rotation): Tensor {
  const [p, q] = halves(x);
  const [first, second] = turned({ sine: expandDimensions(sine, 2), tau: expandDimensions(tau, 2) }, p, q);
  const half = p.shape[1] as number;
  if (half === 1) return concatenate([first, second], 1);
  const [head, tail] = [slice(first, 1, 0, 1), slice(first, 1, half - 1)];
  return concatenate([head, slice(second, 1, 0, 1), slice(first, 1, 1, half - 1), slice(second, 1, 1), tail], 1);
}
