/**
 * The checker: every variable is defined once and before use, every equation's outputs have the types that its shape
 * rule gives, inner programs included. Run on every program that a transform makes while testing, and on every program
 * that is read from a file.
 */
import { TensorError } from "../errors.ts";
import { sizeOf } from "../shape.ts";
import { infer, showType } from "./infer.ts";
import type { Atom, Program, Variable } from "./program.ts";
import { subprograms } from "./subprograms.ts";

/** Checks a program. Errors: the first law that it breaks. */
export function check(program: Program): void {
  const defined = new Set<Variable>();
  const define = (variable: Variable): void => {
    if (defined.has(variable))
      fail("every variable to be defined once", `a second definition of ${showType(variable.type)}`);
    defined.add(variable);
  };
  const read = (atom: Atom, by: string): void => {
    if (atom.kind === "constant") checkConstant(atom);
    else if (!defined.has(atom)) fail("variables to be defined before use", `${showType(atom.type)} read by ${by}`);
  };
  program.inputs.forEach(define);
  for (const { primitive, parameters, inputs, outputs } of program.equations) {
    for (const input of inputs) read(input, primitive);
    for (const inner of subprograms(primitive, parameters)) check(inner);
    const types = infer(
      primitive,
      parameters,
      inputs.map(({ type }) => type),
    )
      .map(showType)
      .join(", ");
    const found = outputs.map(({ type }) => showType(type)).join(", ");
    if (types !== found) fail(`${primitive} to give ${types}`, found);
    outputs.forEach(define);
  }
  for (const output of program.outputs) read(output, "the result");
}

function checkConstant(atom: Extract<Atom, { kind: "constant" }>): void {
  if (typeof atom.value !== "number" && atom.value.length !== sizeOf(atom.type.shape)) {
    fail(`a constant of ${sizeOf(atom.type.shape)} elements`, `${atom.value.length}`);
  }
}

function fail(expected: string, found: string): never {
  throw new TensorError(
    `Cannot accept a program: expected ${expected}, got ${found}`,
    "This is a defect of the transform or file that made it.",
    "unusable-file",
  );
}
