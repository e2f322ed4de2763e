/**
 * Reverse mode, second half: from a program that is linear in some inputs to its transpose.
 */
import { TensorError } from "../errors.ts";
import { add } from "../ops/elementwise.ts";
import { complement, prune, where } from "../program/arrange.ts";
import type { Atom, Equation, Variable } from "../program/program.ts";
import { transposeRuleOf } from "../rules/transpose.ts";
import type { Operand, TransposeTransform } from "../rules/transpose-rule.ts";
import { build, emit } from "../trace/builder.ts";
import { full, type Tensor, tensorOf } from "../trace/tensor.ts";

/**
 * The transpose: inputs are the known inputs of the program, then one cotangent for each of its outputs; outputs are the
 * cotangents of the inputs marked `linear`, in order, zeros where nothing reaches them.
 *
 * Errors: an equation that is not linear in an unknown; a `while` that the cotangent would have to cross.
 */
export const transposeProgram: TransposeTransform = (program, linear) => {
  const known = where(complement(linear), program.inputs);
  const unknown = where(linear, program.inputs);
  const types = [...known, ...program.outputs].map(({ type }) => type);
  const { program: transposed } = build(types, (tensors) => {
    const values = new Map<Atom, Tensor>(known.map((input, i) => [input, tensors[i] as Tensor]));
    const backward = forward(program.equations, values, new Set(unknown));
    const cotangents = new Map<Atom, Tensor>();
    const accumulate = (atom: Atom, cotangent: Tensor | null): void => {
      if (cotangent === null || atom.kind === "constant" || values.has(atom)) return;
      const present = cotangents.get(atom);
      cotangents.set(atom, present === undefined ? cotangent : add(present, cotangent));
    };
    program.outputs.forEach((output, i) => {
      accumulate(output, tensors[known.length + i] as Tensor);
    });
    for (const equation of backward.reverse()) pullBack(equation, values, cotangents, accumulate);
    return unknown.map((input) => cotangents.get(input) ?? full(input.type.shape, 0, input.type.dtype));
  });
  return prune(transposed);
};

/** Computes what does not depend on the unknowns, and returns the equations that do. */
function forward(equations: readonly Equation[], values: Map<Atom, Tensor>, unknown: Set<Atom>): Equation[] {
  const backward: Equation[] = [];
  for (const equation of equations) {
    if (equation.inputs.some((input) => unknown.has(input))) {
      backward.push(equation);
      for (const output of equation.outputs) unknown.add(output);
      continue;
    }
    const inputs = equation.inputs.map((input) => read(input, values) as Tensor);
    emit(equation.primitive, equation.parameters, inputs).forEach((tensor, i) => {
      values.set(equation.outputs[i] as Variable, tensor);
    });
  }
  return backward;
}

function read(atom: Atom, values: ReadonlyMap<Atom, Tensor>): Tensor | null {
  return atom.kind === "constant" ? tensorOf(atom, null) : (values.get(atom) ?? null);
}

function pullBack(
  { primitive, parameters, inputs, outputs }: Equation,
  values: ReadonlyMap<Atom, Tensor>,
  cotangents: ReadonlyMap<Atom, Tensor>,
  accumulate: (atom: Atom, cotangent: Tensor | null) => void,
): void {
  const given = outputs.map((output) => cotangents.get(output) ?? null);
  if (given.every((cotangent) => cotangent === null)) return;
  const rule = transposeRuleOf(primitive);
  if (rule === undefined) {
    throw new TensorError(
      `Cannot take a gradient through ${primitive}: expected linear equations, got one that is not`,
      primitive === "while"
        ? "A while loop runs forward only: record what it does and replay it with scan, or stop the gradient before it."
        : "This is a defect of a jvp rule.",
      primitive === "while" ? "wrong-use" : "defect",
    );
  }
  const operands = inputs.map((atom): Operand => ({ type: atom.type, value: read(atom, values) }));
  rule(parameters as never, given, operands, transposeProgram).forEach((cotangent, i) => {
    accumulate(inputs[i] as Atom, cotangent);
  });
}
