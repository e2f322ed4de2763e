/**
 * A loop whose gradient keeps sqrt(N) states.
 */
import { type MapLeaves, mapTree, withLeaves } from "../pytree.ts";
import { asTensor, full, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { tensorLeaves } from "../trace/trace.ts";
import { checkpoint } from "./checkpoint.ts";
import { type ScanOptions, scan } from "./control-flow.ts";
import { maximum, minimum, mul, sub } from "./elementwise.ts";
import { iota, pad, reshape, slice } from "./movement.ts";

/**
 * `scan` with less memory in reverse mode: about sqrt(N) carries and what sqrt(N) turns leave for their gradient, where
 * `scan` keeps what N turns leave; N is the bound. The values are computed twice. It is two nested loops, the outer with a
 * `checkpoint` as its body.
 *
 * @param body, initial, sequences, options As for `scan`; `reverse` is not offered.
 * Source: Chen, T., Xu, B., Zhang, C., Guestrin, C. (2016), Training deep nets with sublinear memory cost, section 4,
 * arXiv:1604.06174.
 */
export function checkpointedScan<Carry, Sequences, Results>(
  body: (carry: Carry, slices: Sequences) => readonly [Carry, Results],
  initial: Carry,
  sequences: Sequences,
  options: Omit<ScanOptions, "reverse"> = {},
): [Carry, MapLeaves<Results, Tensor>] {
  const bound = tensorLeaves(sequences)[0]?.shape[0] ?? options.bound ?? 0;
  const inner = Math.max(1, Math.ceil(Math.sqrt(bound)));
  const outer = Math.ceil(bound / inner);
  const length =
    options.length === undefined ? full([], bound, "int32") : minimum(asTensor(options.length, "int32"), bound);
  const rows = mapTree(sequences, (leaf) => inRows(leaf as TensorLike, outer, inner)) as Sequences;
  const segment = checkpoint((carry: Carry, slices: Sequences, turns: Tensor) =>
    scan(body, carry, slices, { length: turns, bound: inner }),
  );
  const [end, results] = scan(
    (carry: Carry, { slices, first }: { readonly slices: Sequences; readonly first: Tensor }) =>
      segment(carry, slices, maximum(0, minimum(inner, sub(length, first)))),
    initial,
    { slices: rows, first: mul(iota([outer], 0, "int32"), inner) },
  );
  const flat = mapTree(results, (leaf) => {
    const tensor = leaf as Tensor;
    return slice(reshape(tensor, [outer * inner, ...tensor.shape.slice(2)]), 0, 0, bound);
  });
  return [withLeaves(initial, tensorLeaves(end)) as Carry, flat as MapLeaves<Results, Tensor>];
}

/** A sequence cut into rows, the last one filled up with zeros. */
function inRows(sequence: TensorLike, outer: number, inner: number): Tensor {
  const [tensor] = tensorLeaves(sequence) as [Tensor];
  const [count, ...rest] = tensor.shape as [number, ...number[]];
  const missing = outer * inner - count;
  return reshape(missing === 0 ? tensor : pad(tensor, 0, 0, missing), [outer, inner, ...rest]);
}
