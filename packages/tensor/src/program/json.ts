/**
 * Programs as JSON: how a trained model keeps its equations, readable without the source that made them.
 *
 * Variables are numbered in order of definition, inputs first. A constant is `{ constant, dtype, shape }` with one
 * number or a list; numbers that JSON lacks are the strings "NaN", "Infinity", "-Infinity" and "-0". What is read is
 * checked like any program (types, shapes, order of definition), its size is limited, and nothing in it is executed.
 * The rule of a `custom` equation is code and is not written: what is read computes the same, and is differentiated as it
 * stands where the equation allows it, else refuses to be.
 */
import { allocate, type DType, dtypes } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { check } from "./check.ts";
import { infer, isPrimitive } from "./infer.ts";
import type { Parameters, PrimitiveName } from "./primitive.ts";
import { type Atom, type Equation, type Program, type TensorType, type Variable, variable } from "./program.ts";

/** The version of the set of primitives and of this form; readers accept this one and older ones. */
export const programVersion = 1;

/** Largest number of elements of one tensor that a program read from JSON may hold. */
const elementLimit = 2 ** 28;
/** Largest number of equations, inner programs included. */
const equationLimit = 200_000;

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A program as a JSON value; `programFromJson` reads it. */
export function programToJson(program: Program): Json {
  return { version: programVersion, ...write(program) };
}

/**
 * The program of a JSON value.
 *
 * Errors: another version, unknown primitives, wrong types or shapes, sizes above the limits; each says where.
 */
export function programFromJson(json: Json): Program {
  const object = asObject(json, "program");
  if (object.version !== programVersion) {
    refuse(
      `version ${programVersion}`,
      `version ${String(object.version)}`,
      "Read the file with the release that wrote it, or a newer one.",
    );
  }
  const program = read(object, "program", { equations: 0 });
  check(program);
  return program;
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
      return [[key, isProgram(value) ? write(value) : (value as Json)]];
    }),
  );
}

function isProgram(value: unknown): value is Program {
  return typeof value === "object" && value !== null && "equations" in value;
}

interface Budget {
  equations: number;
}

function read(object: { readonly [key: string]: Json }, path: string, budget: Budget): Program {
  const variables: Variable[] = [];
  const define = (type: TensorType): Variable => {
    const defined = variable(type);
    variables.push(defined);
    return defined;
  };
  const inputs = asList(object.inputs, `${path}.inputs`).map((type, i) =>
    define(readType(type, `${path}.inputs[${i}]`)),
  );
  const list = asList(object.equations, `${path}.equations`);
  budget.equations += list.length;
  if (budget.equations > equationLimit)
    refuse(`at most ${equationLimit} equations`, `${budget.equations}`, "The file is not one of ours, or damaged.");
  const equations = list.map((json, i) => readEquation(json, `${path}.equations[${i}]`, variables, define, budget));
  const outputs = asList(object.outputs, `${path}.outputs`).map((json, i) =>
    readAtom(json, `${path}.outputs[${i}]`, variables),
  );
  return { inputs, equations, outputs };
}

function readEquation(
  json: Json,
  path: string,
  variables: readonly Variable[],
  define: (type: TensorType) => Variable,
  budget: Budget,
): Equation {
  const object = asObject(json, path);
  const primitive = object.primitive as PrimitiveName;
  const given = asObject(object.parameters ?? {}, `${path}.parameters`);
  const parameters = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      value !== null && typeof value === "object" && "equations" in value
        ? read(asObject(value, `${path}.${key}`), `${path}.${key}`, budget)
        : value,
    ]),
  ) as unknown as Parameters[PrimitiveName];
  const inputs = asList(object.inputs, `${path}.inputs`).map((atom, i) =>
    readAtom(atom, `${path}.inputs[${i}]`, variables),
  );
  const types = inferAt(primitive, parameters, inputs, path);
  for (const { shape } of types) limitSize(shape, path);
  return { primitive, parameters, inputs, outputs: types.map(define) } as Equation;
}

function inferAt(
  primitive: PrimitiveName,
  parameters: Parameters[PrimitiveName],
  inputs: readonly Atom[],
  path: string,
): TensorType[] {
  const damaged = "The file is damaged or made by a newer release.";
  if (!isPrimitive(primitive)) refuse(`a known primitive at ${path}`, String(JSON.stringify(primitive)), damaged);
  try {
    return infer(
      primitive,
      parameters,
      inputs.map(({ type }) => type),
    );
  } catch (error) {
    if (error instanceof TensorError) throw error;
    // A shape rule reads its parameters as typed; a file may lack them.
    return refuse(`parameters of ${primitive} at ${path}`, String(JSON.stringify(parameters)), damaged);
  }
}

function readAtom(json: Json, path: string, variables: readonly Variable[]): Atom {
  if (typeof json === "number") {
    return variables[json] ?? refuse(`a variable defined before ${path}`, `number ${json}`, "The file is damaged.");
  }
  const object = asObject(json, path);
  const type = readType(object, path);
  const { constant } = object;
  if (!Array.isArray(constant)) return { kind: "constant", type, value: readNumber(constant as Json, path) };
  if (constant.length !== sizeOf(type.shape))
    refuse(`${sizeOf(type.shape)} numbers at ${path}`, `${constant.length}`, "The file is damaged.");
  const value = allocate(type.dtype, constant.length);
  constant.forEach((element, i) => {
    value[i] = readNumber(element as Json, path);
  });
  return { kind: "constant", type, value };
}

function readNumber(json: Json, path: string): number {
  if (typeof json === "number") return json;
  if (json === "NaN" || json === "Infinity" || json === "-Infinity" || json === "-0") return Number(json);
  return refuse(`a number at ${path}`, JSON.stringify(json), "The file is damaged.");
}

function readType(json: Json, path: string): TensorType {
  const { dtype, shape } = asObject(json, path);
  const extents = asList(shape, `${path}.shape`);
  const valid = extents.every((extent) => Number.isSafeInteger(extent) && (extent as number) >= 0);
  if (!dtypes.includes(dtype as DType) || !valid)
    refuse(`an element type and a shape at ${path}`, JSON.stringify(json), "The file is damaged.");
  limitSize(extents as Shape, path);
  return { dtype: dtype as DType, shape: extents as Shape };
}

function limitSize(shape: Shape, path: string): void {
  if (sizeOf(shape) > elementLimit)
    refuse(
      `at most ${elementLimit} elements at ${path}`,
      `${sizeOf(shape)}`,
      "The file asks for more memory than any model of ours.",
    );
}

function asObject(json: Json | undefined, path: string): { readonly [key: string]: Json } {
  if (typeof json === "object" && json !== null && !Array.isArray(json))
    return json as { readonly [key: string]: Json };
  return refuse(
    `an object at ${path}`,
    JSON.stringify(json) ?? "nothing",
    "The file is not a program of ours, or damaged.",
  );
}

function asList(json: Json | undefined, path: string): readonly Json[] {
  if (Array.isArray(json)) return json as readonly Json[];
  return refuse(
    `a list at ${path}`,
    JSON.stringify(json) ?? "nothing",
    "The file is not a program of ours, or damaged.",
  );
}

function refuse(expected: string, found: string, remedy: string): never {
  throw new TensorError(`Cannot read a program: expected ${expected}, got ${found.slice(0, 80)}`, remedy);
}
