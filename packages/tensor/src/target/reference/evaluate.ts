/**
 * The reference evaluator: the meaning of every primitive in plain TypeScript, the oracle for all other targets.
 *
 * Written to be read, not to be fast. Elementwise work is done in float64 by `Math.*` and rounded once to the element
 * type; sums and products accumulate in float64 whatever the type.
 */
import { allocate } from "../../dtype.ts";
import { TensorError } from "../../errors.ts";
import { refuseForward } from "../../program/only-transposed.ts";
import type { PrimitiveName } from "../../program/primitive.ts";
import type { Atom, Equation, Program, Variable } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";
import { sizeOf } from "../../shape.ts";
import { contraction } from "./contraction.ts";
import { elementwise } from "./elementwise.ts";
import type { Evaluator } from "./evaluator.ts";
import { linearAlgebra } from "./linear-algebra.ts";
import { movement } from "./movement.ts";
import { ordering } from "./ordering.ts";
import { reduction } from "./reduction.ts";
import { sequences } from "./sequences.ts";
import { spectral } from "./spectral.ts";

/**
 * The outputs of a program.
 *
 * @param inputs One host tensor for each program input, of its type.
 * Errors: inputs of other types.
 */
export function evaluateProgram(program: Program, inputs: readonly HostTensor[]): HostTensor[] {
  const values = new Map<Variable, HostTensor>();
  program.inputs.forEach((input, i) => {
    values.set(input, inputs[i] as HostTensor);
  });
  const read = (atom: Atom): HostTensor =>
    atom.kind === "constant" ? materialize(atom) : (values.get(atom) as HostTensor);
  for (const equation of program.equations) {
    const results = apply(equation, equation.inputs.map(read));
    equation.outputs.forEach((output, i) => {
      values.set(output, results[i] as HostTensor);
    });
  }
  return program.outputs.map(read);
}

function apply<P extends PrimitiveName>(equation: Equation<P>, inputs: readonly HostTensor[]): HostTensor[] {
  const evaluator = evaluators[equation.primitive] as Evaluator<P>;
  return evaluator(
    equation.parameters,
    inputs,
    equation.outputs.map(({ type }) => type),
  );
}

function materialize({ type, value }: Extract<Atom, { kind: "constant" }>): HostTensor {
  const data = typeof value === "number" ? allocate(type.dtype, sizeOf(type.shape)).fill(value) : value;
  return { ...type, data };
}

const scan: Evaluator<"scan"> = ({ body, constants, carry, bound, reverse }, [length, ...rest], types) => {
  const fixed = rest.slice(0, constants);
  let state = rest.slice(constants, constants + carry);
  const sequences = rest.slice(constants + carry);
  const results = types
    .slice(carry)
    .map((type): HostTensor => ({ ...type, data: allocate(type.dtype, sizeOf(type.shape)) }));
  const count = Math.max(0, Math.min(bound, length?.data[0] ?? 0));
  for (let k = 0; k < count; k++) {
    const i = reverse ? count - 1 - k : k;
    const outputs = evaluateProgram(body, [...fixed, ...state, ...sequences.map((sequence) => sliceAt(sequence, i))]);
    state = outputs.slice(0, carry);
    results.forEach((result, r) => {
      const slice = outputs[carry + r] as HostTensor;
      result.data.set(slice.data, i * slice.data.length);
    });
  }
  return [...state, ...results];
};

const whileLoop: Evaluator<"while"> = ({ condition, body, conditionConstants, bodyConstants }, inputs) => {
  const test = inputs.slice(0, conditionConstants);
  const fixed = inputs.slice(conditionConstants, conditionConstants + bodyConstants);
  let state = inputs.slice(conditionConstants + bodyConstants);
  while (evaluateProgram(condition, [...test, ...state])[0]?.data[0] === 1)
    state = evaluateProgram(body, [...fixed, ...state]);
  return state;
};

function sliceAt({ dtype, shape, data }: HostTensor, index: number): HostTensor {
  const inner = shape.slice(1);
  const size = sizeOf(inner);
  return { dtype, shape: inner, data: data.slice(index * size, (index + 1) * size) };
}

const evaluators: { [P in PrimitiveName]: Evaluator<P> } = {
  ...elementwise,
  ...movement,
  ...reduction,
  ...contraction,
  ...ordering,
  ...sequences,
  ...linearAlgebra,
  ...spectral,
  scan,
  while: whileLoop,
  switch: ({ branches }, [index, ...operands]) => {
    const chosen = Math.max(0, Math.min(branches.length - 1, index?.data[0] ?? 0));
    return evaluateProgram(branches[chosen] as Program, operands);
  },
  checkpoint: ({ body }, inputs) => evaluateProgram(body, inputs),
  custom: ({ body }, inputs) => evaluateProgram(body, inputs),
  linear: ({ body, onlyTransposed }, inputs) => {
    return onlyTransposed === true ? refuseForward() : evaluateProgram(body, inputs);
  },
};

/** @internal Checks host values against the inputs of a program. */
export function expectInputs(program: Program, inputs: readonly HostTensor[]): void {
  program.inputs.forEach(({ type }, i) => {
    const found = inputs[i];
    const matches = found !== undefined && found.dtype === type.dtype && found.shape.join() === type.shape.join();
    if (matches && found.data.length === sizeOf(type.shape)) return;
    throw new TensorError(
      `Cannot run a program: expected ${type.dtype}[${type.shape.join(", ")}] as input ${i}, got ${found === undefined ? "nothing" : `${found.dtype}[${found.shape.join(", ")}]`}`,
      "Pass values of the types that the function was compiled for.",
    );
  });
}
