/**
 * Lanes along a long axis: in a loop whose tensors have one long extent, the same in all, that axis is cut into vectors
 * and each tensor is seen with an extent of 1 there.
 *
 * In: a program and the extent. Out: the program with the extent replaced by 1, and which of its variables vary along it;
 * undefined where the axis does not go through unmixed (it is sliced, reshaped across, contracted).
 */
import type { Reduction } from "../program/primitive.ts";
import type { Atom, Equation, Program, TensorType, Variable } from "../program/program.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { roleOf } from "./roles.ts";

/** Extents above this are long. */
const longest = 16;

/** A program seen with the long axis as lanes. */
export interface NarrowProgram {
  readonly program: Program;
  /** The long axis of each input and output; undefined: it has none. */
  readonly inputAxes: readonly (number | undefined)[];
  readonly outputAxes: readonly (number | undefined)[];
  /** Reductions that run over the lanes. */
  readonly overLanes: ReadonlySet<Equation>;
}

/** The one long extent in the tensors of some programs: 1 where there is none, undefined where there are several. */
export function longExtentOf(types: readonly TensorType[]): number | undefined {
  const found = new Set(types.flatMap(({ shape }) => shape.filter((extent) => extent > longest)));
  if (found.size > 1) return undefined;
  const [extent = 1] = found;
  return extent;
}

/** The types of all variables of a program, inner programs left out. */
export function typesIn({ inputs, equations }: Program): TensorType[] {
  return [...inputs, ...equations.flatMap(({ outputs }) => outputs)].map(({ type }) => type);
}

/** The axis of a shape that is `extent` long; undefined: none. */
export function longAxisOf(shape: Shape, extent: number): number | undefined {
  const axis = extent === 1 ? -1 : shape.indexOf(extent);
  return axis < 0 ? undefined : axis;
}

/** The program with an extent of 1 for `extent`. */
export function narrow(program: Program, extent: number): NarrowProgram | undefined {
  if (program.outputs.some((output) => isTable(output, extent))) return undefined;
  const replaced = new Map<Variable, Variable>();
  const overLanes = new Set<Equation>();
  const variable = (old: Variable): Variable => {
    const fresh: Variable = { kind: "variable", type: narrowType(old.type, extent) };
    replaced.set(old, fresh);
    return fresh;
  };
  const read = (atom: Atom): Atom =>
    atom.kind === "variable" ? (replaced.get(atom) as Variable) : { ...atom, type: narrowType(atom.type, extent) };
  const inputs = program.inputs.map(variable);
  const equations: Equation[] = [];
  for (const equation of program.equations) {
    if (!goesThrough(equation, extent)) return undefined;
    const made: Equation = {
      primitive: equation.primitive,
      parameters: narrowParameters(equation, extent),
      inputs: equation.inputs.map(read),
      outputs: equation.outputs.map(variable),
    };
    equations.push(made);
    if (isOverLanes(equation, extent)) overLanes.add(made);
  }
  const axesOf = (atoms: readonly Atom[]): readonly (number | undefined)[] =>
    atoms.map(({ type }) => longAxisOf(type.shape, extent));
  return {
    program: { inputs, equations, outputs: program.outputs.map(read) },
    inputAxes: axesOf(program.inputs),
    outputAxes: axesOf(program.outputs),
    overLanes,
  };
}

function narrowType({ dtype, shape }: TensorType, extent: number): TensorType {
  return { dtype, shape: narrowShape(shape, extent) };
}

function narrowShape(shape: Shape, extent: number): Shape {
  return extent === 1 ? shape : shape.map((each) => (each === extent ? 1 : each));
}

/** Whether a constant has other numbers along the axis: one cannot stand for all. */
function isTable(atom: Atom, extent: number): boolean {
  const isArray = atom.kind === "constant" && typeof atom.value !== "number";
  return isArray && longAxisOf(atom.type.shape, extent) !== undefined;
}

/** Whether the axis reaches the result of an equation whole, or is summed. */
function goesThrough({ primitive, parameters, inputs, outputs }: Equation, extent: number): boolean {
  const atoms: readonly Atom[] = [...inputs, ...outputs];
  const axes = atoms.map(({ type }) => longAxisOf(type.shape, extent));
  if (axes.every((axis) => axis === undefined)) return true;
  const isSquare = atoms.some(({ type }) => type.shape.filter((each) => each === extent).length > 1);
  if (isSquare || inputs.some((input) => isTable(input, extent))) return false;
  const [axis] = axes as [number | undefined];
  const role = roleOf(primitive);
  if (role === "point" || role === "reduction") return true;
  const given = parameters as never;
  switch (primitive) {
    case "broadcast":
    case "transpose":
    case "stopGradient":
    case "allSum":
      return true;
    case "iota":
      return (given as Equation<"iota">["parameters"]).axis !== axis;
    case "reverse":
      return axis === undefined || !(given as Equation<"reverse">["parameters"]).axes.includes(axis);
    case "reshape":
      return before(inputs[0] as Atom, axis) === before(outputs[0] as Atom, axes[1]);
    case "slice": {
      const { start, limit } = given as Equation<"slice">["parameters"];
      return axis !== undefined && start[axis] === 0 && limit[axis] === extent;
    }
    case "pad": {
      const { low, high, interior } = given as Equation<"pad">["parameters"];
      return axis !== undefined && [low, high, interior].every((each) => each[axis] === 0);
    }
    case "concatenate":
      return axes.every((each) => each !== undefined && each !== (given as Equation<"concatenate">["parameters"]).axis);
    default:
      return false;
  }
}

/** Elements in front of an axis; -1 where there is no such axis. */
function before({ type }: Atom, axis: number | undefined): number {
  return axis === undefined ? -1 : sizeOf(type.shape.slice(0, axis));
}

function isOverLanes({ primitive, parameters, inputs }: Equation, extent: number): boolean {
  if (roleOf(primitive) !== "reduction") return false;
  const axis = longAxisOf((inputs[0] as Atom).type.shape, extent);
  return axis !== undefined && (parameters as Equation<Reduction>["parameters"]).axes.includes(axis);
}

function narrowParameters(equation: Equation, extent: number): Equation["parameters"] {
  const { primitive, parameters } = equation;
  if (primitive === "slice") {
    const { start, limit, stride } = parameters as Equation<"slice">["parameters"];
    const axis = longAxisOf((equation.inputs[0] as Atom).type.shape, extent);
    return {
      start,
      limit: limit.map((each, i) => (i === axis ? 1 : each)),
      stride: stride.map((each, i) => (i === axis ? 1 : each)),
    };
  }
  if ("shape" in parameters) return { ...parameters, shape: narrowShape(parameters.shape as Shape, extent) };
  return parameters;
}
