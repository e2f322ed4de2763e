/**
 * Fits of models with few parameters by Levenberg–Marquardt: to finite differences, or to rollouts over windows
 * (multiple shooting: the state at the start of every window is fitted along with the parameters).
 *
 * Residuals are in units of the noise of the recording, 0.01 (of its derivative by differences, 0.1); every parameter
 * has a normal prior about zero.
 */
import { levenbergMarquardt, solveOnGrid } from "@leastaction/dynamics";
import {
  array,
  compile,
  concatenate,
  type HostTensor,
  jacobianForward,
  leavesOf,
  mul,
  reshape,
  sizeOf,
  slice,
  sub,
  type Target,
  type Tensor,
  vmap,
  withLeaves,
} from "@leastaction/tensor";
import type { Field } from "./evaluation.ts";
import { differences, type Recording, windowsOf } from "./recording.ts";

/** Deviation of the noise of the recording, rad and rad/s. */
const noise = 0.01;
/** Deviation of its finite differences, noise times sqrt 2 over 1/6 s, rounded. */
const differenceNoise = 0.1;

/** What is fitted. */
export interface FitOptions<P> {
  readonly field: Field<P>;
  /** Host tensors of float64: the start. */
  readonly parameters: P;
  readonly recording: Recording;
  readonly target: Target;
  readonly iterations: number;
  /** Deviation of the prior of every parameter. */
  readonly prior: number;
}

/** The parameters that fit the finite differences best. */
export function fitDifferences<P>(options: FitOptions<P> & { readonly place: "left" | "midpoint" }): P {
  const { field, recording, place } = options;
  const { states, derivatives } = differences(recording, place);
  const given = array(Float64Array.from(states.flat()), [states.length, 2]);
  const targets = array(Float64Array.from(derivatives.flat()), [states.length, 2]);
  const residual = (structure: P, unknowns: Tensor, state: Tensor, target: Tensor): Tensor =>
    mul(sub(field(unflatten(structure, unknowns), state), target), 1 / differenceNoise);
  return solve(options, residual, null, [given, targets]);
}

/** The parameters whose rollouts over windows of `intervals` gaps fit the recording best. */
export function fitRollouts<P>(options: FitOptions<P> & { readonly intervals: number }): P {
  const { field, recording, intervals } = options;
  const windows = windowsOf(recording, intervals);
  const count = windows.length;
  const times = array(Float64Array.from(windows.flatMap((window) => window.times)), [count, intervals + 1]);
  const states = array(Float64Array.from(windows.flatMap((window) => window.states.flat())), [count, intervals + 1, 2]);
  const starts = Float64Array.from(windows.flatMap((window) => window.states[0] as readonly [number, number]));
  const residual = (structure: P, unknowns: Tensor, own: Tensor, measured: Tensor): Tensor => {
    const size = flatten(structure).length;
    const theta = unflatten(structure, unknowns);
    const path = solveOnGrid({
      field: (_t, y: Tensor) => field(theta, y),
      times: own,
      y0: slice(unknowns, 0, size, size + 2),
      substeps: 2,
    }) as Tensor;
    return reshape(mul(sub(path, measured), 1 / noise), [2 * (intervals + 1)]);
  };
  return solve(options, residual, starts, [times, states]);
}

/** The residuals of one piece of data (a sample, or a window) over [parameters, its own two unknowns]. */
type Residual<P> = (structure: P, unknowns: Tensor, a: Tensor, b: Tensor) => Tensor;

/** Levenberg–Marquardt over the parameters and, where there are some, two unknowns of each piece. */
function solve<P>(
  { parameters, target, iterations, prior }: FitOptions<P>,
  residual: Residual<P>,
  starts: Float64Array | null,
  data: readonly [HostTensor, HostTensor],
): P {
  const theta = flatten(parameters);
  const pieces = data[0].shape[0] as number;
  const own = starts === null ? 0 : 2;
  const together = (unknowns: Tensor, mine: Tensor): Tensor => (own === 0 ? unknowns : concatenate([unknowns, mine]));
  const each =
    (f: (x: Tensor, a: Tensor, b: Tensor) => Tensor) => (vector: Tensor, mine: Tensor, a: Tensor, b: Tensor) =>
      vmap((v: Tensor, m: Tensor, x: Tensor, y: Tensor) => f(together(v, m), x, y), [null, 0, 0, 0])(
        vector,
        mine,
        a,
        b,
      );
  const plain = each((x, a, b) => residual(parameters, x, a, b));
  const slopes = each(
    (x, a, b) => jacobianForward((unknowns: Tensor) => residual(parameters, unknowns, a, b))(x) as Tensor,
  );
  const zeros = new Float64Array(2 * pieces);
  const types = [array(theta), array(zeros, [pieces, 2]), ...data];
  const value = compile(plain, types, target);
  const derivative = compile(slopes, types, target);
  const call = (compiled: typeof value, x: Float64Array): ArrayLike<number> => {
    const mine = own === 0 ? zeros : x.slice(theta.length);
    const inputs = [array(x.slice(0, theta.length)), array(mine, [pieces, 2]), ...data];
    return (compiled.callSync(...inputs) as unknown as HostTensor).data;
  };
  const problem = {
    residuals: (x: Float64Array) => [
      ...Array.from(call(value, x)),
      ...x.subarray(0, theta.length).map((value) => value / prior),
    ],
    jacobian: (x: Float64Array) => dense(call(derivative, x), theta.length, own, pieces, prior),
    start: [...theta, ...(starts ?? [])],
  };
  const fit = levenbergMarquardt(problem, { maxIterations: iterations, costTolerance: 1e-7 });
  return unflattenHost(parameters, fit.parameters);
}

/** From blocks [pieces, rows, parameters + own] to the dense matrix over all unknowns, the prior below. */
function dense(blocks: ArrayLike<number>, size: number, own: number, pieces: number, prior: number): Float64Array {
  const rows = blocks.length / (size + own);
  const columns = size + pieces * own;
  const matrix = new Float64Array((rows + size) * columns);
  for (let row = 0; row < rows; row++) {
    const piece = Math.floor((row * pieces) / rows);
    const from = row * (size + own);
    for (let j = 0; j < size; j++) matrix[row * columns + j] = blocks[from + j] as number;
    for (let j = 0; j < own; j++) matrix[row * columns + size + piece * own + j] = blocks[from + size + j] as number;
  }
  for (let j = 0; j < size; j++) matrix[(rows + j) * columns + j] = 1 / prior;
  return matrix;
}

/** All numbers of a tree of host tensors. */
function flatten(tree: unknown): Float64Array {
  return Float64Array.from(leavesOf(tree).flatMap((leaf) => Array.from((leaf as HostTensor).data)));
}

/** The tree cut from a vector, traced. */
function unflatten<P>(structure: P, vector: Tensor): P {
  let end = 0;
  const leaves = leavesOf(structure).map((leaf) => {
    const { shape } = leaf as HostTensor;
    end += sizeOf(shape);
    return reshape(slice(vector, 0, end - sizeOf(shape), end), shape);
  });
  return withLeaves(structure, leaves) as P;
}

/** The tree cut from a vector, on the host. */
function unflattenHost<P>(structure: P, vector: Float64Array): P {
  let end = 0;
  const leaves = leavesOf(structure).map((leaf) => {
    const { shape } = leaf as HostTensor;
    end += sizeOf(shape);
    return array(vector.slice(end - sizeOf(shape), end), shape);
  });
  return withLeaves(structure, leaves) as P;
}
