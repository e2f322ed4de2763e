/**
 * A traced function at a point: its values, computed once, and the program of its derivative there, which is linear in the
 * tangents and reads the values that it needs as residuals. Forward mode inlines that program, reverse mode transposes it.
 */
import { isFloat } from "../dtype.ts";
import type { Program } from "../program/program.ts";
import { inline } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { TracedFunction } from "../trace/trace.ts";
import { jvpProgram } from "./jvp-program.ts";
import { split } from "./split.ts";

/** The value and the derivative of a function at a point. */
export interface LinearPart {
  /** The function's results. */
  readonly outputs: readonly Tensor[];
  /** From residuals, then the tangents of the inputs in `mask`, to the tangents of the outputs in `nonzero`. */
  readonly program: Program;
  readonly residuals: readonly Tensor[];
  /** Inputs that have a tangent: floats, and among those the wanted ones. */
  readonly mask: readonly boolean[];
  /** Outputs that have a tangent; the others' is zero. */
  readonly nonzero: readonly boolean[];
}

/** @param wanted The inputs with respect to which derivatives are asked for; default all. */
export function linearPart(
  { program, captures }: TracedFunction<unknown>,
  values: readonly Tensor[],
  wanted?: readonly boolean[],
): LinearPart {
  const mask = values.map((value, i) => isFloat(value.dtype) && (wanted?.[i] ?? true));
  const derived = jvpProgram(program, [...mask, ...captures.map(() => false)]);
  const primals = program.inputs.length;
  const unknown = derived.program.inputs.map((_, i) => i >= primals);
  const outputs = program.outputs.length;
  const tangentOutputs = derived.program.outputs.map((_, i) => i >= outputs);
  const parts = split(derived.program, unknown, tangentOutputs);
  const known = inline(parts.known, [...values, ...captures]);
  return {
    outputs: known.slice(0, outputs),
    program: parts.unknown,
    residuals: known.slice(outputs),
    mask,
    nonzero: derived.nonzero,
  };
}
