/**
 * Loops that stay loops: `scan` (differentiable, batchable, its length decided at run time) and `whileLoop`.
 */

import { load } from "../dialect/dialect.ts";
import { loops } from "../dialect/loops.ts";
import { plainScan } from "../ops/plain-scan.ts";
import { plainWhile } from "../ops/plain-while.ts";
import type { MapLeaves } from "../pytree.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { checkpoint } from "./checkpoint.ts";
import { scanInLevels } from "./scan-in-levels.ts";

/** Options of `scan`. */
export interface ScanOptions {
  /** How often the body runs: an int32 scalar, cut to the length of the sequences. Default: that length. */
  readonly length?: TensorLike;
  /** The largest length, when there are no sequences to tell it. */
  readonly bound?: number;
  /** Runs from the last element to the first. */
  readonly reverse?: boolean;
  /** What its gradient keeps of the turns; default "store". */
  readonly residuals?: ScanResiduals;
}

/**
 * What the gradient of a loop of N turns keeps of them, so that it can go back. The gradient is the same, and so are all
 * derivatives.
 *
 * - `"store"`: what each turn leaves for its derivative. The fastest.
 * - `"recompute"`: the carry of each turn; the rest of a turn is computed again. Worth it where a turn leaves much more
 *   than its carry.
 * - `{ levels: k }`: checkpoints in k nested loops. About k N^(1/k) carries, and what the turns of an innermost loop leave:
 *   with N = 10,000, 100 and what 100 turns leave at 2 levels, 30 and what 10 turns leave at 4. Each level but the last
 *   computes every turn once more.
 *
 * Source: Griewank, A. (1992), Achieving logarithmic growth of temporal and spatial complexity in reverse automatic
 * differentiation, doi:10.1080/10556789208805505.
 */
export type ScanResiduals = "store" | "recompute" | { readonly levels: number };

/**
 * A loop with a carry.
 *
 * @param body Maps (carry, one slice of each sequence) to [next carry, results of this step]; the carry keeps its
 *   structure, shapes and element types.
 * @param initial The carry at the start: a tree of tensors.
 * @param sequences A tree of tensors with one common extent along axis 0, or an empty tree `{}`.
 * @returns The last carry, and the results stacked along a new axis 0 (zeros where the loop did not run).
 * Errors: a carry that changes its type; sequences of different lengths; no sequences and no bound.
 */
export function scan<Carry, Sequences, Results>(
  body: (carry: Carry, slices: Sequences) => readonly [Carry, Results],
  initial: Carry,
  sequences: Sequences,
  options: ScanOptions = {},
): [Carry, MapLeaves<Results, Tensor>] {
  load(loops);
  const { residuals = "store", ...rest } = options;
  if (residuals === "store") return plainScan(body, initial, sequences, rest);
  if (residuals === "recompute") return plainScan(checkpoint(body), initial, sequences, rest);
  return scanInLevels(body, initial, sequences, rest, residuals.levels);
}

/**
 * Runs `body` as long as `condition` holds. Forward mode differentiates it; reverse mode does not (record what is
 * needed and replay it with `scan`).
 *
 * @param condition Maps the carry to a scalar bool.
 * @param body Maps the carry to the next one, of the same structure, shapes and element types.
 * @param initial The carry at the start.
 * @returns The carry for which `condition` first fails.
 */
export function whileLoop<Carry>(
  condition: (carry: Carry) => Tensor,
  body: (carry: Carry) => Carry,
  initial: Carry,
): Carry {
  load(loops);
  return plainWhile(condition, body, initial);
}

/** Applies `f` to every slice along axis 0, one after another, in bounded memory. */
export function mapSlices<Sequences, Results>(
  f: (slices: Sequences) => Results,
  sequences: Sequences,
): MapLeaves<Results, Tensor> {
  const [, results] = scan(
    (none: Record<string, Tensor>, slices: Sequences) => [none, f(slices)] as const,
    {},
    sequences,
  );
  return results;
}
