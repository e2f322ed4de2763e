/**
 * A loop as nested loops with checkpoints, for less memory in reverse mode.
 */
import { TensorError } from "../errors.ts";
import { maximum, minimum, mul, sub } from "../ops/elementwise.ts";
import { iota, pad, reshape, slice } from "../ops/movement.ts";
import { type PlainScanOptions, plainScan } from "../ops/plain-scan.ts";
import { type MapLeaves, mapTree, withLeaves } from "../pytree.ts";
import { asTensor, full, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { tensorLeaves } from "../trace/trace.ts";
import { checkpoint } from "./checkpoint.ts";

/**
 * @internal `levels` nested loops of about bound^(1/levels) turns each; the body of each but the innermost is a
 * checkpoint. In reverse mode each keeps its carries, and the innermost what its turns leave.
 */
export function scanInLevels<Carry, Sequences, Results>(
  body: (carry: Carry, slices: Sequences) => readonly [Carry, Results],
  initial: Carry,
  sequences: Sequences,
  options: PlainScanOptions,
  levels: number,
): [Carry, MapLeaves<Results, Tensor>] {
  expectLevels(levels);
  const bound = tensorLeaves(sequences)[0]?.shape[0] ?? options.bound ?? 0;
  if (levels === 1 || bound <= 1) return plainScan(body, initial, sequences, options);
  const reverse = options.reverse ?? false;
  const inner = Math.ceil(rounded(bound ** ((levels - 1) / levels)));
  const outer = Math.ceil(bound / inner);
  const length =
    options.length === undefined ? full([], bound, "int32") : minimum(asTensor(options.length, "int32"), bound);
  const rows = mapTree(sequences, (leaf) => inRows(leaf as TensorLike, outer, inner)) as Sequences;
  const segment = checkpoint((carry: Carry, slices: Sequences, turns: Tensor) =>
    scanInLevels(body, carry, slices, { length: turns, bound: inner, reverse }, levels - 1),
  );
  const [end, results] = plainScan(
    (carry: Carry, { slices, first }: { readonly slices: Sequences; readonly first: Tensor }) =>
      segment(carry, slices, maximum(0, minimum(inner, sub(length, first)))),
    initial,
    { slices: rows, first: mul(iota([outer], 0, "int32"), inner) },
    { reverse },
  );
  const flat = mapTree(results, (leaf) => {
    const tensor = leaf as Tensor;
    return slice(reshape(tensor, [outer * inner, ...tensor.shape.slice(2)]), 0, 0, bound);
  });
  return [withLeaves(initial, tensorLeaves(end)) as Carry, flat as MapLeaves<Results, Tensor>];
}

/** Roots that are whole numbers, as such. */
function rounded(root: number): number {
  const nearest = Math.round(root);
  return Math.abs(root - nearest) < 1e-9 * nearest ? nearest : root;
}

function expectLevels(levels: number): void {
  if (Number.isInteger(levels) && levels >= 1) return;
  throw new TensorError(
    `Cannot scan: expected 1 or more levels of checkpoints, got ${levels}`,
    'Pass residuals: { levels: 2 }, or "store" to keep what every turn leaves.',
  );
}

/** A sequence cut into rows, the last one filled up with zeros. */
function inRows(sequence: TensorLike, outer: number, inner: number): Tensor {
  const [tensor] = tensorLeaves(sequence) as [Tensor];
  const [count, ...rest] = tensor.shape as [number, ...number[]];
  const missing = outer * inner - count;
  return reshape(missing === 0 ? tensor : pad(tensor, 0, 0, missing), [outer, inner, ...rest]);
}
