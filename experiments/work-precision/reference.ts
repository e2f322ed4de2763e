/**
 * Reference solutions: the state at the end of a problem to at least 25 digits, computed twice.
 */
import { decimal } from "./double-double.ts";
import { distance, extrapolated, type Fineness } from "./extrapolation.ts";
import type { Problem } from "./problem.ts";

/** The state at the end of a problem. */
export interface Reference {
  readonly name: string;
  /** Each component, cut after 26 decimal places. */
  readonly y: readonly string[];
  /** The largest difference between the two computations, relative to the larger of 1 and the component. */
  readonly agreement: number;
}

/** They differ in the columns, the tolerance and the longest step, so that no step is the same in both. */
const fine: Fineness = {
  tolerance: 4e-30,
  substeps: [2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128],
  longest: 0.75,
};
const finer: Fineness = {
  tolerance: 1e-30,
  substeps: [2, 6, 10, 14, 18, 22, 26, 34, 42, 54, 70, 90, 114],
  longest: 0.46875,
};

/** The reference of one problem. Errors: the two computations agree to less than 25 digits. */
export function referenceOf(problem: Problem): Reference {
  const [y, other] = [extrapolated(problem, finer), extrapolated(problem, fine)];
  const agreement = distance(y, other);
  if (agreement <= 1e-25) return { name: problem.name, y: y.map((value) => decimal(value, 26)), agreement };
  throw new Error(`${problem.name}: expected two computations that agree to 1e-25, got ${agreement.toExponential(1)}`);
}
