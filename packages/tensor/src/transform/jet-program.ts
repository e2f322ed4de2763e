/**
 * Taylor mode: from a program to the program of its values and Taylor coefficients.
 */
import { isFloat } from "../dtype.ts";
import { prune, where } from "../program/arrange.ts";
import type { Atom, Program, TensorType } from "../program/program.ts";
import { applyJet } from "../rules/jet.ts";
import type { JetContext, JetTransform } from "../rules/jet-rule.ts";
import { readingOf, type Series, series, still, tensorAt } from "../rules/series.ts";
import { build } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import { jvpProgram } from "./jvp-program.ts";

/** The jet of a program; see `JetProgram` for its inputs and outputs. */
export const jetProgram: JetTransform = (program, nonzero, order, forced = []) => {
  const types: TensorType[] = program.inputs.map(({ type }) => type);
  const marked = program.inputs.map((_, i) => nonzero[i] === true);
  const above = where(marked, types).flatMap((type) => Array.from({ length: order }, () => type));
  let found: boolean[] = [];
  const { program: derived } = build([...types, ...above], (tensors) => {
    let next = types.length;
    const inputs = types.map((type, i) => {
      const value = tensors[i] as Tensor;
      if (marked[i] !== true) return still(value);
      next += order;
      const own = [value, ...tensors.slice(next - order, next)];
      return isFloat(type.dtype) ? series(type, (k) => own[k] ?? null) : still(value);
    });
    const outputs = knownSeriesOf(program, inputs, order);
    found = outputs.map(
      (output, i) =>
        isFloat(output.type.dtype) && (forced[i] === true || range(order).some((k) => output.at(k) !== null)),
    );
    return [
      ...outputs.map((output) => tensorAt(output, 0)),
      ...where(found, outputs).flatMap((output) => range(order).map((k) => tensorAt(output, k))),
    ];
  });
  return { program: prune(derived), nonzero: found };
};

const range = (order: number): number[] => Array.from({ length: order }, (_, k) => k + 1);

/** @internal What the rules share; `order` as in `JetContext`. */
export function context(order: number | null): JetContext {
  const numbers = new WeakMap<object, number>();
  let next = 1;
  const identity = (object: object): number => {
    const number = numbers.get(object) ?? next++;
    numbers.set(object, number);
    return number;
  };
  return { order, jvp: jvpProgram, jet: jetProgram, known: new Map(), identity };
}

/** @internal The series of the outputs, found to an order: equation by equation, so that no recursion gets deep. */
export function knownSeriesOf(program: Program, inputs: readonly Series[], order: number): readonly Series[] {
  const { outputs, all } = seriesOf(program, inputs, context(order));
  for (const one of all) for (let k = 0; k <= order; k++) one.at(k);
  return outputs;
}

/** @internal The series of the outputs, and of everything on the way in order. */
export function seriesOf(
  program: Program,
  inputs: readonly Series[],
  shared: JetContext,
): { readonly outputs: readonly Series[]; readonly all: readonly Series[] } {
  const known = new Map<Atom, Series>(program.inputs.map((input, i) => [input, inputs[i] as Series]));
  const read = readingOf(known);
  const all: Series[] = [];
  for (const { primitive, parameters, inputs: operands, outputs } of program.equations) {
    const results = applyJet(primitive, parameters, operands.map(read), shared);
    outputs.forEach((output, i) => {
      known.set(output, results[i] as Series);
    });
    all.push(...results);
  }
  return { outputs: program.outputs.map(read), all };
}
