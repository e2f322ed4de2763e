/**
 * The Taylor rule that follows from a jvp rule: y' = ∂f(x) x'.
 *
 * The jvp rule is traced into a program from (x, x') to (y, y'), and that program is read with series in place of tensors;
 * where it reads y, it reads the series that is being defined. Coefficient k of y asks for coefficient k-1 of y', so the
 * recurrence ends. The program is made when a coefficient above the first is asked for: until then a primitive whose
 * derivative is another, whose derivative is the first again, costs nothing.
 */
import { where } from "../program/arrange.ts";
import { infer } from "../program/infer.ts";
import type { Parameters, PrimitiveName } from "../program/primitive.ts";
import type { Atom } from "../program/program.ts";
import { build, emit } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { JetContext } from "./jet-rule.ts";
import { applyJvp } from "./jvp.ts";
import { integral, rate, readingOf, type Series, series, tensorAt } from "./series.ts";

/** Applies Taylor rules; given from outside, since those rules rest on this one. */
export type ApplyJet = (
  primitive: PrimitiveName,
  parameters: Parameters[PrimitiveName],
  inputs: readonly Series[],
  context: JetContext,
) => readonly Series[];

/** The series of the outputs of a primitive by its jvp rule. */
export function derivedJet<P extends PrimitiveName>(
  primitive: P,
  parameters: Parameters[P],
  inputs: readonly Series[],
  context: JetContext,
  apply: ApplyJet,
): readonly Series[] {
  const types = infer(
    primitive,
    parameters,
    inputs.map(({ type }) => type),
  );
  let values: readonly Tensor[] | null = null;
  const value = (i: number): Tensor => {
    values ??= emit(
      primitive,
      parameters,
      inputs.map((input) => tensorAt(input, 0)),
    );
    return values[i] as Tensor;
  };
  let speeds: readonly (Series | null)[] | null = null;
  const outputs: readonly Series[] = types.map((type, i) =>
    integral(
      type,
      () => value(i),
      () => {
        speeds ??= speedsOf(primitive, parameters, inputs, outputs, context, apply);
        return speeds[i] ?? motionless(type);
      },
    ),
  );
  return outputs;
}

const motionless = (type: Series["type"]): Series => series(type, () => null);

/** y' of each output, from the jvp rule; null is zero. */
function speedsOf<P extends PrimitiveName>(
  primitive: P,
  parameters: Parameters[P],
  inputs: readonly Series[],
  outputs: readonly Series[],
  context: JetContext,
  apply: ApplyJet,
): (Series | null)[] {
  const types = inputs.map(({ type }) => type);
  const moving = inputs.map((input) => !input.still);
  let found: boolean[] = [];
  const { program } = build([...types, ...where(moving, types)], (tensors) => {
    let next = types.length;
    const tangents = moving.map((flag) => (flag ? (tensors[next++] as Tensor) : null));
    const derived = applyJvp(primitive, parameters, tensors.slice(0, types.length), tangents, context.jvp);
    found = derived.tangents.map((tangent) => tangent !== null);
    return [...derived.primals, ...derived.tangents.filter((tangent) => tangent !== null)];
  });
  const known = new Map<Atom, Series>();
  [...inputs, ...where(moving, inputs).map(rate)].forEach((input, i) => {
    known.set(program.inputs[i] as Atom, input);
  });
  outputs.forEach((output, i) => {
    known.set(program.outputs[i] as Atom, output);
  });
  const read = readingOf(known);
  // Inputs are not known as far as will be asked for: one order after another.
  const inside: JetContext = { ...context, order: null };
  for (const equation of program.equations) {
    if (equation.outputs.every((output) => known.has(output))) continue;
    const results = apply(equation.primitive, equation.parameters, equation.inputs.map(read), inside);
    equation.outputs.forEach((output, i) => {
      if (!known.has(output)) known.set(output, results[i] as Series);
    });
  }
  let next = outputs.length;
  return found.map((flag) => (flag ? read(program.outputs[next++] as Atom) : null));
}
