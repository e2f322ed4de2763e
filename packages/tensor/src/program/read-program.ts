/**
 * Programs from JSON that somebody else may have written.
 *
 * In: a JSON value. Out: a program that is as good as a traced one: every operand is defined before it is read, every
 * type is inferred anew (a file states those of inputs and constants only), every parameter has its form, numbers fit
 * their element types. What the program would take is estimated from its shapes and loops and refused above the limits,
 * before anything is allocated or compiled. Nothing in it is executed.
 * Not bounded here: a `while`, whose length is known only when it runs; see `boundLoops`.
 */
import { allocate, coerce, type DType, isFloat } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { check } from "./check.ts";
import { infer, isPrimitive } from "./infer.ts";
import { type Json, programVersion } from "./json.ts";
import { asList, asNaturals, asObject, refuse, showJson } from "./json-reader.ts";
import type { Parameters, PrimitiveName } from "./primitive.ts";
import { type Atom, type Equation, type Program, type TensorType, type Variable, variable } from "./program.ts";
import { bytesOfType, expectWithin, type ProgramLimits, programLimits } from "./program-limits.ts";
import { asDType, readParameters } from "./read-parameters.ts";

/** @internal See `programFromJson`, which knows all of the language. */
export function readProgram(json: Json, limits: Partial<ProgramLimits> = {}): Program {
  const object = asObject(json, "program");
  if (object.version !== programVersion) {
    refuse(
      `version ${programVersion}`,
      `version ${showJson(object.version)}`,
      "Read the file with the release that wrote it, or a newer one.",
      "unknown-version",
    );
  }
  const all = { ...programLimits, ...limits };
  const program = read(object, "program", { limits: all, equations: 0, depth: 0 });
  check(program);
  expectWithin(program, all);
  return program;
}

/** What was read so far. */
interface Progress {
  readonly limits: ProgramLimits;
  equations: number;
  depth: number;
}

function read(json: Json, path: string, progress: Progress): Program {
  const { limits } = progress;
  const object = asObject(json, path);
  const list = asList(object.equations, `${path}.equations`);
  progress.equations += list.length;
  progress.depth += 1;
  if (progress.equations > limits.equations) refuse(`at most ${limits.equations} equations`, `${progress.equations}`);
  if (progress.depth > limits.depth) refuse(`at most ${limits.depth} programs inside each other`, "more");
  const variables: Variable[] = [];
  const define = (type: TensorType): Variable => {
    const defined = variable(type);
    variables.push(defined);
    return defined;
  };
  const inputs = asList(object.inputs, `${path}.inputs`).map((type, i) =>
    define(readType(type, `${path}.inputs[${i}]`, limits)),
  );
  const equations = list.map((equation, i) =>
    readEquation(equation, `${path}.equations[${i}]`, variables, define, progress),
  );
  const outputs = asList(object.outputs, `${path}.outputs`).map((atom, i) =>
    readAtom(atom, `${path}.outputs[${i}]`, variables, limits),
  );
  progress.depth -= 1;
  return { inputs, equations, outputs };
}

function readEquation(
  json: Json,
  path: string,
  variables: readonly Variable[],
  define: (type: TensorType) => Variable,
  progress: Progress,
): Equation {
  const { primitive, parameters: given, inputs: operands } = asObject(json, path);
  if (!isPrimitive(primitive)) return refuse(`a known primitive at ${path}`, showJson(primitive));
  const parameters = readParameters(primitive, given, path, (inner, at) => read(inner, at, progress));
  const inputs = asList(operands, `${path}.inputs`).map((atom, i) =>
    readAtom(atom, `${path}.inputs[${i}]`, variables, progress.limits),
  );
  const types = inferAt(primitive, parameters, inputs, path);
  for (const type of types) expectSize(type, path, progress.limits);
  return { primitive, parameters, inputs, outputs: types.map(define) } as Equation;
}

function inferAt(
  primitive: PrimitiveName,
  parameters: Parameters[PrimitiveName],
  inputs: readonly Atom[],
  path: string,
): TensorType[] {
  try {
    return infer(
      primitive,
      parameters,
      inputs.map(({ type }) => type),
    );
  } catch (error) {
    if (!(error instanceof TensorError)) throw error;
    return refuse(`an equation that holds at ${path}`, error.message.split("\n")[0] as string);
  }
}

function readAtom(json: Json, path: string, variables: readonly Variable[], limits: ProgramLimits): Atom {
  if (typeof json === "number") {
    return variables[json] ?? refuse(`a variable defined before ${path}`, `number ${json}`);
  }
  const object = asObject(json, path);
  const type = readType(object, path, limits);
  const { constant } = object;
  if (!Array.isArray(constant)) return { kind: "constant", type, value: readNumber(constant, type.dtype, path) };
  if (constant.length !== sizeOf(type.shape)) refuse(`${sizeOf(type.shape)} numbers at ${path}`, `${constant.length}`);
  const value = allocate(type.dtype, constant.length);
  constant.forEach((element: Json, i) => {
    value[i] = readNumber(element, type.dtype, path);
  });
  return { kind: "constant", type, value };
}

function readNumber(json: Json | undefined, dtype: DType, path: string): number {
  const named = json === "NaN" || json === "Infinity" || json === "-Infinity" || json === "-0";
  const value = named ? Number(json) : json;
  if (typeof value !== "number") return refuse(`a number at ${path}`, showJson(json));
  const held = coerce(dtype, value);
  return isFloat(dtype) || held === value ? held : refuse(`a number of ${dtype} at ${path}`, showJson(json));
}

function readType(json: Json, path: string, limits: ProgramLimits): TensorType {
  const { dtype, shape } = asObject(json, path);
  const type = { dtype: asDType(dtype, `${path}.dtype`), shape: asNaturals(shape, `${path}.shape`) };
  expectSize(type, path, limits);
  return type;
}

/** An extent of 0 makes no other one harmless: strides are products of the others. */
function expectSize({ dtype, shape }: TensorType, path: string, limits: ProgramLimits): void {
  if (shape.length > limits.axes) refuse(`at most ${limits.axes} axes at ${path}`, `${shape.length}`);
  const extents: Shape = shape.map((extent) => Math.max(1, extent));
  const bytes = bytesOfType({ dtype, shape: extents });
  if (bytes > limits.bytes)
    refuse(
      `at most ${limits.bytes} bytes at ${path}`,
      `${bytes.toPrecision(3)}`,
      "The file asks for more memory than any model of ours: it is damaged.",
    );
}
