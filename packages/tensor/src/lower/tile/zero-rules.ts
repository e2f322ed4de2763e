/**
 * Where the samples are in the tensors of a tile's program, and what makes a result zero for a sample.
 */
import type { Parameters } from "../../program/primitive.ts";
import type { Atom, Equation, Program, Variable } from "../../program/program.ts";
import { sizeOf } from "../../shape.ts";
import { roleOf } from "../roles.ts";

/** The axis of the samples; undefined where there is none, or it is not known. */
export type AxisOf = (atom: Atom) => number | undefined;

/** Follows the samples from inputs that have them last through movements, products and point operations. */
export function samplesAxes(program: Program, withSamples: readonly Variable[]): AxisOf {
  const axes = new Map<Atom, number>(withSamples.map((input) => [input, input.type.shape.length - 1]));
  const axisOf: AxisOf = (atom) => axes.get(atom);
  for (const equation of program.equations) {
    const axis = equation.outputs.length === 1 ? axisAfter(equation, axisOf) : undefined;
    if (axis !== undefined) axes.set(equation.outputs[0] as Variable, axis);
  }
  return axisOf;
}

/** The samples' axis of the only result of an equation. */
function axisAfter(equation: Equation, axisOf: AxisOf): number | undefined {
  const { primitive, parameters, inputs, outputs } = equation;
  if (primitive === "dot") return dotAxes(equation as Equation<"dot">, axisOf)?.at(-1);
  if (roleOf(primitive) === "point") return inputs.map(axisOf).find((axis) => axis !== undefined);
  const axis = inputs[0] === undefined ? undefined : axisOf(inputs[0]);
  if (axis === undefined) return undefined;
  switch (primitive) {
    case "broadcast":
      return (parameters as Parameters["broadcast"]).axes[axis];
    case "transpose":
      return (parameters as Parameters["transpose"]).permutation.indexOf(axis);
    case "slice":
      return axis;
    case "reshape":
      return sameAxis(inputs[0]?.type.shape ?? [], axis, (outputs[0] as Variable).type.shape);
    case "reduceSum": {
      const { axes } = parameters as Parameters["reduceSum"];
      return axes.includes(axis) ? undefined : axis - axes.filter((each) => each < axis).length;
    }
    default:
      return undefined;
  }
}

/** The axis of a reshaped tensor that runs as this one did. */
function sameAxis(from: readonly number[], axis: number, to: readonly number[]): number | undefined {
  const before = sizeOf(from.slice(0, axis));
  const found = to.findIndex((extent, i) => extent === from[axis] && sizeOf(to.slice(0, i)) === before);
  return found < 0 ? undefined : found;
}

/** Factors of a product that have the samples on a free axis or one of copies, and where the result has them. */
function dotAxes(
  { parameters: { contract, batch }, inputs }: Equation<"dot">,
  axisOf: AxisOf,
): readonly number[] | undefined {
  const sides = inputs.map((input, i) => {
    const side = i as 0 | 1;
    const axis = axisOf(input);
    if (axis === undefined || contract[side].includes(axis)) return undefined;
    const copy = batch[side].indexOf(axis);
    if (copy >= 0) return copy;
    const isFree = (each: number): boolean => !contract[side].includes(each) && !batch[side].includes(each);
    const freeBefore = Array.from({ length: axis }, (_, each) => each).filter(isFree).length;
    const rankOf = (of: 0 | 1): number => (inputs[of] as Atom).type.shape.length;
    const leftFree = rankOf(0) - contract[0].length - batch[0].length;
    return batch[0].length + freeBefore + (side === 1 ? leftFree : 0);
  });
  const [left, right] = sides;
  if (left === undefined) return right === undefined ? undefined : [1, right];
  if (right === undefined) return [0, left];
  return left === right ? [0, 1, left] : undefined;
}

/** Whether an atom is zero everywhere. */
export const isZero = (atom: Atom): boolean => atom.kind === "constant" && atom.value === 0;

/** Sets of operands that make a result zero for the samples for which they are. */
export function waysToZero(equation: Equation, axisOf: AxisOf): readonly (readonly number[])[] {
  const { primitive, inputs, outputs } = equation;
  const [first, second] = inputs;
  const zero = primitive === "mul" ? inputs.findIndex(isZero) : -1;
  if (zero >= 0) return [[zero]];
  if (axisOf(outputs[0] as Variable) === undefined) return [];
  switch (primitive) {
    case "neg":
    case "div":
      return [[0]];
    case "mul":
      return first === second ? [[0, 1]] : [[0], [1]];
    case "add":
    case "sub":
      return [[0, 1]];
    case "select":
      return [[1, 2]];
    case "dot":
      return (dotAxes(equation as Equation<"dot">, axisOf) ?? []).slice(0, -1).map((side) => [side]);
    case "broadcast":
    case "reshape":
    case "transpose":
    case "slice":
    case "reduceSum":
      return [[0]];
    default:
      return [];
  }
}

/** Whether a result is linear in an operand, the others being what they are. */
export function linearIn({ primitive }: Equation, operand: number): boolean {
  const found = linearOperands[primitive];
  return found === "all" || found?.includes(operand) === true;
}

const linearOperands: { readonly [P in Equation["primitive"]]?: readonly number[] | "all" } = {
  neg: "all",
  mul: "all",
  add: "all",
  sub: "all",
  dot: "all",
  div: [0],
  select: [1, 2],
  broadcast: "all",
  reshape: "all",
  transpose: "all",
  slice: "all",
  reduceSum: "all",
};
