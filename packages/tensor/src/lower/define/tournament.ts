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
import { broadcastTo } from "../../ops/broadcasting.ts";
import { concatenate, expandDimensions, slice } from "../../ops/movement.ts";
import type { Tensor } from "../../trace/tensor.ts";
import { type Rotation, turned } from "./rotation.ts";

/** The two halves of an axis of even extent. */
export function halves(x: Tensor, axis: number): readonly [Tensor, Tensor] {
  const half = (x.shape[axis] as number) / 2;
  return [slice(x, axis, 0, half), slice(x, axis, half)];
}

/** The halves of axis 1 or 2 of [batch, n, m] turned against each other by rotations [batch, half], and moved on. */
export function playRound(x: Tensor, { sine, tau }: Rotation, axis: 1 | 2): Tensor {
  const [p, q] = halves(x, axis);
  const spread = (factor: Tensor): Tensor => broadcastTo(expandDimensions(factor, 3 - axis), p.shape);
  const [first, second] = turned({ sine: spread(sine), tau: spread(tau) }, p, q);
  const half = p.shape[axis] as number;
  if (half === 1) return concatenate([first, second], axis);
  const [head, tail] = [slice(first, axis, 0, 1), slice(first, axis, half - 1)];
  return concatenate(
    [head, slice(second, axis, 0, 1), slice(first, axis, 1, half - 1), slice(second, axis, 1), tail],
    axis,
  );
}
