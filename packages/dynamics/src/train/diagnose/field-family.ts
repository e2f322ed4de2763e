/**
 * Fields that differ in their coefficients alone, so that one compiled program serves all of them.
 */
import { array, type HostTensor, type Tensor } from "@leastaction/tensor";
import type { SecondOrderField } from "../../diagnostic/helmholtz/second-order-field.ts";

/** A field of coefficients, and the coefficients of its members. */
export interface FieldFamily {
  /** In units of the motion. */
  readonly field: (coefficients: Tensor) => SecondOrderField;
  readonly members: readonly HostTensor[];
}

/** The family of a single field. */
export function singleField(field: SecondOrderField): FieldFamily {
  return { field: () => field, members: [array([0])] };
}
