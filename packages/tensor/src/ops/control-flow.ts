/**
 * Loops that stay loops: `scan` (differentiable, batchable, its length decided at run time) and `whileLoop`.
 */
import { TensorError } from "../errors.ts";
import { showType } from "../program/infer.ts";
import type { Program } from "../program/program.ts";
import { type MapLeaves, withLeaves } from "../pytree.ts";
import { emit } from "../trace/builder.ts";
import { asTensor, full, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { type Spec, specOf, type TracedFunction, tensorLeaves, traceClosure } from "../trace/trace.ts";

/** Options of `scan`. */
export interface ScanOptions {
  /** How often the body runs: an int32 scalar, cut to the length of the sequences. Default: that length. */
  readonly length?: TensorLike;
  /** The largest length, when there are no sequences to tell it. */
  readonly bound?: number;
  /** Runs from the last element to the first. */
  readonly reverse?: boolean;
}

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
  const start = tensorLeaves(initial);
  const series = tensorLeaves(sequences);
  const bound = boundOf(series, options.bound);
  const slices = series.map(({ dtype, shape }): Spec => ({ dtype, shape: shape.slice(1) }));
  const traced = traceClosure(body as (...inputs: never[]) => readonly [Carry, Results], [
    specOf(withLeaves(initial, start)),
    withLeaves(sequences, slices),
  ]);
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
  const start = tensorLeaves(initial);
  const specs = [specOf(withLeaves(initial, start))];
  const test = traceClosure(condition as (...inputs: never[]) => Tensor, specs);
  const step = traceClosure(body as (...inputs: never[]) => Carry, specs);
  expectCarry(
    start,
    step.program.outputs.map((output) => output.type),
  );
  const parameters = {
    condition: constantsFirst(test),
    body: constantsFirst(step),
    conditionConstants: test.captures.length,
    bodyConstants: step.captures.length,
  };
  return withLeaves(initial, emit("while", parameters, [...test.captures, ...step.captures, ...start])) as Carry;
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

/** The program of a body with the tensors it closed over in front, where loops want their constants. */
function constantsFirst({ program, captures }: TracedFunction<unknown>): Program {
  const own = program.inputs.length - captures.length;
  return { ...program, inputs: [...program.inputs.slice(own), ...program.inputs.slice(0, own)] };
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

function expectCarry(start: readonly Tensor[], found: readonly Spec[]): void {
  const wanted = start.map(showType).join(", ");
  const got = found.map(showType).join(", ");
  if (wanted === got) return;
  throw new TensorError(
    `Cannot loop: expected the body to keep the carry ${wanted}, got ${got}`,
    "Return the carry first, with the shapes and element types it came with (convert or reshape it at the start).",
  );
}
