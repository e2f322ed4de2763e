/**
 * What every method for gradients gives back to `solve`.
 */

/** The state at the end, and the states at the times that were asked for. */
export interface Reading<Y> {
  readonly y: Y;
  /** Each leaf with a leading axis, in the order in which the times were given; null when none were. */
  readonly states: Y | null;
}
