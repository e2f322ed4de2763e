/**
 * The sizes of a problem that decide how its gradient is best found.
 */
import { type Program, sizeOf, type Tensor, type TensorType, trace } from "@leastaction/tensor";
import { tensorsOf } from "../../nn/tensor-tree.ts";
import type { Problem } from "../problem.ts";
import type { AdjointSizes } from "./choose-adjoint.ts";

/**
 * The sizes, from the program of the field: a step leaves about what its evaluations compute.
 *
 * @param steps the most steps
 */
export function sizesOf<Y>(problem: Problem<Y>, steps: number): AdjointSizes {
  const { program } = trace((t: Tensor, y: Y) => problem.field(t, y), [problem.t0, problem.y0]);
  const leaves = tensorsOf(problem.y0);
  const numbers = (list: readonly TensorType[]): number => list.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  // What the field closes over follows its own arguments, t and the state.
  const captures = program.inputs.slice(1 + leaves.length).map(({ type }) => type);
  const { evaluations, fsal } = problem.solver;
  const state = bytesOf(leaves);
  return {
    state: numbers(leaves),
    parameters: numbers(captures),
    steps,
    stepBytes: evaluations * (computed(program) + state),
    carryBytes: (fsal ? 2 : 1) * state,
  };
}

/** Views move nothing, but are few; constants are not counted. */
function computed({ equations }: Program): number {
  return bytesOf(equations.flatMap(({ outputs }) => outputs.map(({ type }) => type)));
}

function bytesOf(types: readonly TensorType[]): number {
  return types.reduce((sum, { dtype, shape }) => sum + sizeOf(shape) * (dtype === "float64" ? 8 : 4), 0);
}
