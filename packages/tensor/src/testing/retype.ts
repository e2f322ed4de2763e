/**
 * A program with another element type wherever it has float64: how one case stands for all types.
 */
import { allocate, coerce, type DType } from "../dtype.ts";
import { check } from "../program/check.ts";
import type { Atom, Equation, Parameters, PrimitiveName, Program, Variable } from "../program/primitive.ts";
import { type TensorType, variable } from "../program/program.ts";
import type { HostTensor } from "../pytree.ts";

/** The program over `dtype`; null where a primitive of it does not take that type. */
export function retype(program: Program, dtype: DType): Program | null {
  const changed = inType(program, dtype);
  try {
    check(changed);
    return changed;
  } catch {
    return null;
  }
}

/** Values for it: whole numbers are ten times as large, so that they differ. */
export function retypeValue(input: HostTensor, dtype: DType): HostTensor {
  if (input.dtype !== "float64" || dtype === "float64") return input;
  const data = allocate(dtype, input.data.length);
  const scale = dtype === "float32" ? 1 : 10;
  input.data.forEach((value, i) => {
    data[i] = dtype === "bool" ? Number(value > 0.5) : coerce(dtype, scale === 1 ? value : Math.round(scale * value));
  });
  return { dtype, shape: input.shape, data };
}

function inType(program: Program, dtype: DType): Program {
  const known = new Map<Variable, Variable>();
  const type = (of: TensorType): TensorType => (of.dtype === "float64" ? { dtype, shape: of.shape } : of);
  const define = (old: Variable): Variable => {
    const made = variable(type(old.type));
    known.set(old, made);
    return made;
  };
  const read = (atom: Atom): Atom => {
    if (atom.kind === "variable") return known.get(atom) ?? atom;
    if (atom.type.dtype !== "float64") return atom;
    const { value } = atom;
    if (typeof value === "number") return { ...atom, type: type(atom.type), value: coerce(dtype, value) };
    const data = allocate(dtype, value.length);
    data.set(Array.from(value, (one: number) => coerce(dtype, one)));
    return { ...atom, type: type(atom.type), value: data };
  };
  return {
    inputs: program.inputs.map(define),
    equations: program.equations.map(
      ({ primitive, parameters, inputs, outputs }) =>
        ({
          primitive,
          parameters: parametersInType(parameters, dtype),
          inputs: inputs.map(read),
          outputs: outputs.map(define),
        }) as Equation,
    ),
    outputs: program.outputs.map(read),
  };
}

/** Element types and programs among the parameters; rules of derivatives stay behind. */
function parametersInType<P extends PrimitiveName>(parameters: Parameters[P], dtype: DType): Parameters[P] {
  const isProgram = (value: unknown): value is Program =>
    typeof value === "object" && value !== null && "equations" in value;
  const changed = (value: unknown): unknown => {
    if (value === "float64") return dtype;
    if (Array.isArray(value)) return value.map(changed);
    return isProgram(value) ? inType(value, dtype) : value;
  };
  const entries = Object.entries(parameters).flatMap(([key, value]): [string, unknown][] => {
    if (typeof value !== "function") return [[key, changed(value)]];
    return key === "transposed" ? [[key, inType((value as () => Program)(), dtype)]] : [];
  });
  return Object.fromEntries(entries) as Parameters[P];
}
