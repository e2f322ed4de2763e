/**
 * Programs as JSON: how a trained model keeps its equations, readable without the source that made them.
 *
 * Variables are numbered in order of definition, inputs first. A constant is `{ constant, dtype, shape }` with one
 * number or a list; numbers that JSON lacks are the strings "NaN", "Infinity", "-Infinity" and "-0". The rule of a
 * `custom` equation is code and is not written: what is read computes the same, and is differentiated as it stands where
 * the equation allows it, else refuses to be. `read-program.ts` reads what is written here.
 */
import type { Atom, Program, TensorType, Variable } from "./program.ts";

/** The version of the set of primitives and of this form; readers accept this one and older ones. */
export const programVersion = 1;

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A program as a JSON value; `programFromJson` reads it. */
export function programToJson(program: Program): Json {
  return { version: programVersion, ...write(program) };
}

function write(program: Program): { [key: string]: Json } {
  const numbers = new Map<Variable, number>();
  const define = (defined: Variable): Json => {
    numbers.set(defined, numbers.size);
    return writeType(defined.type);
  };
  const refer = (atom: Atom): Json =>
    atom.kind === "variable"
      ? (numbers.get(atom) as number)
      : { ...writeType(atom.type), constant: writeValue(atom.value) };
  const inputs = program.inputs.map(define);
  const equations = program.equations.map(({ primitive, parameters, inputs: operands, outputs }) => {
    const read = operands.map(refer);
    for (const output of outputs) define(output);
    return { primitive, parameters: writeParameters(parameters), inputs: read };
  });
  return { inputs, equations, outputs: program.outputs.map(refer) };
}

function writeType({ dtype, shape }: TensorType): { [key: string]: Json } {
  return { dtype, shape };
}

function writeValue(value: number | ArrayLike<number>): Json {
  return typeof value === "number" ? writeNumber(value) : Array.from(value, writeNumber);
}

function writeNumber(value: number): Json {
  return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? "-0" : String(value);
}

/** A transposed program that is made on demand is made; the rule of a custom derivative is code and is left out. */
function writeParameters(parameters: object): Json {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([key, value]) => {
      if (typeof value === "function") return key === "transposed" ? [[key, write((value as () => Program)())]] : [];
      return [[key, writeParameter(value)]];
    }),
  );
}

function writeParameter(value: unknown): Json {
  if (isProgram(value)) return write(value);
  return Array.isArray(value) ? value.map(writeParameter) : (value as Json);
}

function isProgram(value: unknown): value is Program {
  return typeof value === "object" && value !== null && "equations" in value;
}
