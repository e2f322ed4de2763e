/**
 * A motion on which the metric is measured: its field, how its trajectories are drawn, and the matrix g that is known of it.
 */
import type { SecondOrderField } from "../../diagnostic/helmholtz/second-order-field.ts";
import type { HostRandom } from "../../random/host-random.ts";

/** A start of a trajectory. */
export interface MotionStart {
  /** Positions [2]. */
  readonly x: readonly number[];
  /** Velocities [2]. */
  readonly v: readonly number[];
}

/** A symmetric matrix [2, 2] as its entries 11, 12, 22. */
export type SymmetricEntries = readonly [number, number, number];

/** A system of two coordinates with a fixed analytic field. */
export interface MetricSystem {
  readonly name: string;
  readonly field: SecondOrderField;
  readonly drawStart: (random: HostRandom) => MotionStart;
  /** Trajectories reach from time 0 to here. */
  readonly duration: number;
  /** Points of a trajectory at equal steps, both ends included. */
  readonly samples: number;
  /** Whether the size of the noise is taken from each coordinate apart, or from both together. */
  readonly noise: "by-component" | "together";
  /** A start whose motion leaves |x|, |v| <= this is drawn again; null where none can. */
  readonly limit: number | null;
  /**
   * The matrix at (t, x, v) that the conditions leave, from the learned one at the start of the trajectory; null where
   * it is not known or there is none.
   */
  readonly exact: ((atStart: SymmetricEntries, t: number, x: readonly number[]) => SymmetricEntries) | null;
}
