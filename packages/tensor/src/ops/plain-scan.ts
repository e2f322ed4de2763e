/**
 * The loop itself, whatever its gradient keeps.
 */
import { TensorError } from "../errors.ts";
import { showType } from "../program/infer.ts";
import { arrangedLike, type MapLeaves, withLeaves } from "../pytree.ts";
import { emit } from "../trace/builder.ts";
import { asTensor, full, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { type Spec, specOf, tensorLeaves, traceClosure } from "../trace/trace.ts";
import { constantsFirst, expectCarry } from "./loop-body.ts";

/** @internal What a loop needs beside its body and its operands. */
export interface PlainScanOptions {
  readonly length?: TensorLike;
  readonly bound?: number;
  readonly reverse?: boolean;
}

/** @internal See `scan`. */
export function plainScan<Carry, Sequences, Results>(
  body: (carry: Carry, slices: Sequences) => readonly [Carry, Results],
  initial: Carry,
  sequences: Sequences,
  options: PlainScanOptions = {},
): [Carry, MapLeaves<Results, Tensor>] {
  const start = tensorLeaves(initial);
  const series = tensorLeaves(sequences);
  const bound = boundOf(series, options.bound);
  const slices = series.map(({ dtype, shape }): Spec => ({ dtype, shape: shape.slice(1) }));
  const arranged = (carry: Carry, now: Sequences): readonly [Carry, Results] => {
    const [next, results] = body(carry, now);
    return [arrangedLike(initial, next, "keep the carry of a scan") as Carry, results];
  };
  const traced = traceClosure(arranged, [specOf(withLeaves(initial, start)), withLeaves(sequences, slices)]);
  const { program, captures } = traced;
  expectCarry(
    start,
    program.outputs.slice(0, start.length).map((output) => output.type),
  );
  const length = options.length === undefined ? full([], bound, "int32") : asTensor(options.length, "int32");
  const parameters = {
    body: constantsFirst(traced),
    constants: captures.length,
    carry: start.length,
    bound,
    reverse: options.reverse ?? false,
  };
  const outputs = emit("scan", parameters, [length, ...captures, ...start, ...series]);
  const [, results] = traced.result;
  return [
    withLeaves(initial, outputs.slice(0, start.length)) as Carry,
    withLeaves(results, outputs.slice(start.length)) as MapLeaves<Results, Tensor>,
  ];
}

function boundOf(series: readonly Tensor[], given?: number): number {
  const [first] = series;
  const bound = first?.shape[0] ?? given;
  const odd = series.find(({ shape }) => shape[0] !== bound);
  if (bound === undefined || odd !== undefined) {
    throw new TensorError(
      `Cannot scan: expected sequences of one length, got ${series.length === 0 ? "none and no bound" : series.map(showType).join(" and ")}`,
      "Give all sequences the same first extent, or pass `bound` when there are none.",
    );
  }
  return bound;
}
