/**
 * Motion of second order, x'' = f(t, x, v), and matrices g(t, x, v) that may be the velocity Hessian of its Lagrangian.
 */
import type { Tensor } from "@leastaction/tensor";

/** The acceleration x'' = f(t, x, v): [], [n], [n] → [n], floats of one element type; traced. */
export type SecondOrderField = (t: Tensor, x: Tensor, v: Tensor) => Tensor;

/** A matrix g(t, x, v): [], [n], [n] → [n, n], floats of one element type; traced. */
export type MetricField = (t: Tensor, x: Tensor, v: Tensor) => Tensor;

/** Where a field is asked: time [], position [n], velocity [n]. */
export type HelmholtzPoint = readonly [t: Tensor, x: Tensor, v: Tensor];
