/**
 * The sizes of a problem that decide how its gradient is best found.
 */
import { type Program, sizeOf, type Tensor, type TensorLike, type TensorType, trace } from "@leastaction/tensor";
import { tensorsOf } from "../../nn/tensor-tree.ts";
import type { StepSize } from "../../step-size/step-size.ts";
import type { Problem } from "../problem.ts";
import { hostNumber } from "../times.ts";
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

/** What bounds the number of steps. */
export interface StepBound {
  readonly t0: TensorLike;
  readonly t1: TensorLike;
  readonly dt0?: TensorLike | undefined;
  readonly maxSteps?: number | undefined;
  readonly stepSize?: StepSize | undefined;
}

/** The most steps: as many equal ones as the span takes where that is known, else `maxSteps`, by default 1024. */
export function boundOf({ t0, t1, dt0, maxSteps, stepSize }: StepBound): number {
  const most = maxSteps ?? 1024;
  if (stepSize?.kind !== "constant" || dt0 === undefined) return most;
  const [from, to, longest] = [hostNumber(t0), hostNumber(t1), hostNumber(dt0)];
  if (from === null || to === null || longest === null) return most;
  return Math.min(Math.max(1, Math.ceil(Math.abs(to - from) / longest)), maxSteps ?? Infinity);
}

/** Views move nothing, but are few; constants are not counted. */
function computed({ equations }: Program): number {
  return bytesOf(equations.flatMap(({ outputs }) => outputs.map(({ type }) => type)));
}

function bytesOf(types: readonly TensorType[]): number {
  return types.reduce((sum, { dtype, shape }) => sum + sizeOf(shape) * (dtype === "float64" ? 8 : 4), 0);
}
