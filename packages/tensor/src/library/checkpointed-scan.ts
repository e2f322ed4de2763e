/**
 * A loop whose gradient keeps sqrt(N) states.
 */
import type { MapLeaves } from "../pytree.ts";
import type { Tensor } from "../trace/tensor.ts";
import { type ScanOptions, scan } from "./control-flow.ts";

/**
 * `scan` with less memory in reverse mode: about sqrt(N) carries and what sqrt(N) turns leave for their gradient, where
 * `scan` keeps what N turns leave; N is the bound. The values are computed twice. It is `scan` with
 * `residuals: { levels: 2 }`.
 *
 * @param body, initial, sequences, options As for `scan`.
 * Source: Chen, T., Xu, B., Zhang, C., Guestrin, C. (2016), Training deep nets with sublinear memory cost, section 4,
 * arXiv:1604.06174.
 */
export function checkpointedScan<Carry, Sequences, Results>(
  body: (carry: Carry, slices: Sequences) => readonly [Carry, Results],
  initial: Carry,
  sequences: Sequences,
  options: Omit<ScanOptions, "residuals"> = {},
): [Carry, MapLeaves<Results, Tensor>] {
  return scan(body, initial, sequences, { ...options, residuals: { levels: 2 } });
}
