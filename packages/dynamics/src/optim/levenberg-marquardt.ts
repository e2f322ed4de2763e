/**
 * Nonlinear least squares for models with few parameters.
 *
 * In: the residuals and their Jacobian as plain functions of a parameter vector (compiled or not), a start, bounds, a
 * loss. Out: the parameters, their covariance, which combinations of them the data determine, and how it ended. It runs
 * on the host: the work lies in the residuals, the rest is a few numbers.
 *
 * Method: Levenberg (1944), Marquardt (1963, doi:10.1137/0111030) with Moré's column scaling (1978,
 * doi:10.1007/BFb0067700) and Nielsen's damping (1999, IMM-REP-1999-05, equation 2.4). Bounds: a parameter at a bound whose
 * gradient points out is held; steps are cut to the box. Robust loss: iterated weights of Huber (1964,
 * doi:10.1214/aoms/1177703732).
 */

import { TensorError } from "@leastaction/tensor";
import { hostMath } from "../host-math/host-math.ts";
import { choleskySolve, type NormalEquations, normalEquations } from "./normal-equations.ts";
import { type Uncertainty, uncertaintyOf } from "./uncertainty.ts";

/** A least-squares problem with n parameters and m residuals. */
export interface LeastSquaresProblem {
  /** [n] to [m]. */
  readonly residuals: (parameters: Float64Array) => ArrayLike<number>;
  /** [n] to row-major [m, n]: the derivative of residual i with respect to parameter j. */
  readonly jacobian: (parameters: Float64Array) => ArrayLike<number>;
  /** [n]; moved into the bounds. */
  readonly start: readonly number[];
  /** [n]; default no bound. */
  readonly lower?: readonly number[];
  readonly upper?: readonly number[];
  /** Behaves from now on as if its programs had run so often, where it matters (`Executable.ranBefore`). */
  readonly ranBefore?: (runs: ProgramRuns) => void;
}

/** How often the programs of a problem have run. */
export interface ProgramRuns {
  readonly residuals: number;
  readonly jacobians: number;
}

/** Options of `levenbergMarquardt`. */
export interface LevenbergMarquardtOptions {
  /** Residuals beyond this many units count linearly (Huber); positive; default none. */
  readonly huber?: number;
  /** Default 100. */
  readonly maxIterations?: number;
  /** Ends when the scaled gradient is below this; default 1e-10. */
  readonly gradientTolerance?: number;
  /** Ends when a step is below this, relative to the parameters; default 1e-10. */
  readonly stepTolerance?: number;
  /** Ends when the cost falls by less than this, relatively; default 1e-14. */
  readonly costTolerance?: number;
  /** Initial damping relative to the scaled matrix; default 1e-3. */
  readonly damping?: number;
}

/** How a fit ended. `stalled`: no damping gives a smaller cost, which is convergence to rounding or a wrong Jacobian. */
export type FitStatus = "gradientSmall" | "stepSmall" | "costSettled" | "stalled" | "maxIterations" | "nonFinite";

/** A fit. */
export interface LeastSquaresFit extends Uncertainty {
  /** [n]. */
  readonly parameters: Float64Array;
  /** Half the sum of squares, or its robust form. */
  readonly cost: number;
  readonly status: FitStatus;
  readonly iterations: number;
  readonly residualEvaluations: number;
  readonly jacobianEvaluations: number;
  /** The damping at the end: handed to a fit that goes on from here. */
  readonly damping: number;
  /** Which parameters ended at a bound. */
  readonly atBound: readonly boolean[];
}

interface Point {
  readonly parameters: Float64Array;
  readonly residuals: ArrayLike<number>;
  readonly cost: number;
}

interface Search {
  point: Point;
  damping: number;
  growth: number;
  scale: Float64Array;
  evaluations: number;
  jacobians: number;
}

/**
 * Minimises half the sum of squared residuals, or of Huber's loss of them.
 * Errors: bounds that cross, fewer residuals than one, lengths that do not match.
 */
export function levenbergMarquardt(
  problem: LeastSquaresProblem,
  options: LevenbergMarquardtOptions = {},
): LeastSquaresFit {
  const { maxIterations = 100, huber = Number.POSITIVE_INFINITY, damping = 1e-3 } = options;
  expectProblem(problem);
  const n = problem.start.length;
  const first = pointAt(problem, inside(problem, Float64Array.from(problem.start)), huber);
  const search: Search = { point: first, damping, growth: 2, scale: new Float64Array(n), evaluations: 1, jacobians: 0 };
  let status: FitStatus = Number.isFinite(first.cost) ? "maxIterations" : "nonFinite";
  let iterations = 0;
  let equations = equationsAt(problem, search, huber);
  while (status === "maxIterations" && iterations < maxIterations) {
    iterations++;
    raiseScale(search.scale, equations);
    const outcome = improve(problem, search, equations, { ...options, huber });
    if (outcome === null) {
      equations = equationsAt(problem, search, huber);
      continue;
    }
    status = outcome;
  }
  const last = equationsAt(problem, search, huber);
  return {
    parameters: search.point.parameters,
    cost: search.point.cost,
    status,
    iterations,
    residualEvaluations: search.evaluations,
    jacobianEvaluations: search.jacobians,
    damping: search.damping,
    atBound: Array.from(
      search.point.parameters,
      (value, j) => value === lower(problem, j) || value === upper(problem, j),
    ),
    ...uncertaintyOf(last),
  };
}

/** Tries dampings until the cost falls; null when the search should go on from the new point. */
function improve(
  problem: LeastSquaresProblem,
  search: Search,
  equations: NormalEquations,
  options: LevenbergMarquardtOptions & { readonly huber: number },
): FitStatus | null {
  const { gradientTolerance = 1e-10, stepTolerance = 1e-10, costTolerance = 1e-14, huber } = options;
  const free = freeParameters(problem, search.point.parameters, equations.gradient);
  if (scaledGradient(equations, free, search) <= gradientTolerance) return "gradientSmall";
  for (let attempt = 0; attempt < 60; attempt++) {
    const step = dampedStep(equations, free, search);
    const target = inside(
      problem,
      search.point.parameters.map((value, j) => value + (step[j] as number)),
    );
    const moved = target.map((value, j) => value - (search.point.parameters[j] as number));
    if (norm(moved) <= stepTolerance * (norm(search.point.parameters) + stepTolerance)) return "stepSmall";
    const trial = pointAt(problem, target, huber);
    search.evaluations++;
    const gain = (search.point.cost - trial.cost) / predictedGain(equations, moved);
    if (trial.cost < search.point.cost) {
      const settled = search.point.cost - trial.cost <= costTolerance * search.point.cost;
      search.point = trial;
      search.damping *= Math.max(1 / 3, 1 - hostMath.power(2 * Math.min(gain, 1) - 1, 3));
      search.growth = 2;
      return settled ? "costSettled" : null;
    }
    search.damping *= search.growth;
    search.growth *= 2;
  }
  return "stalled";
}

/** The solution of (JᵀWJ + damping D) step = -gradient over the free parameters. */
function dampedStep(equations: NormalEquations, free: readonly boolean[], { damping, scale }: Search): Float64Array {
  const n = free.length;
  const matrix = Float64Array.from(equations.matrix);
  const right = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    right[i] = free[i] === true ? -(equations.gradient[i] as number) : 0;
    for (let j = 0; j < n; j++) {
      if (i !== j && !(free[i] === true && free[j] === true)) matrix[i * n + j] = 0;
    }
    const diagonal = Math.max(scale[i] as number, Number.MIN_VALUE);
    matrix[i * n + i] = free[i] === true ? (equations.matrix[i * n + i] as number) + damping * diagonal : 1;
  }
  return choleskySolve(matrix, right);
}

/** The fall of the cost that the linear model promises for a step. */
function predictedGain({ matrix, gradient }: NormalEquations, step: Float64Array): number {
  const n = step.length;
  let gain = 0;
  for (let i = 0; i < n; i++) {
    gain -= (step[i] as number) * (gradient[i] as number);
    for (let j = 0; j < n; j++) gain -= 0.5 * (step[i] as number) * (matrix[i * n + j] as number) * (step[j] as number);
  }
  return Math.max(gain, Number.MIN_VALUE);
}

/** Cosine of the angle between residuals and the columns of the Jacobian, at most. */
function scaledGradient({ gradient }: NormalEquations, free: readonly boolean[], { scale, point }: Search): number {
  const size = Math.sqrt(2 * point.cost);
  if (size === 0) return 0;
  return gradient.reduce((largest, value, j) => {
    const column = Math.sqrt(scale[j] as number);
    return free[j] === true && column > 0 ? Math.max(largest, Math.abs(value) / (column * size)) : largest;
  }, 0);
}

function raiseScale(scale: Float64Array, { matrix }: NormalEquations): void {
  const n = scale.length;
  for (let j = 0; j < n; j++) scale[j] = Math.max(scale[j] as number, matrix[j * n + j] as number);
}

function freeParameters(problem: LeastSquaresProblem, parameters: Float64Array, gradient: Float64Array): boolean[] {
  return Array.from(parameters, (value, j) => {
    const slope = gradient[j] as number;
    return !((value <= lower(problem, j) && slope > 0) || (value >= upper(problem, j) && slope < 0));
  });
}

function pointAt({ residuals }: LeastSquaresProblem, parameters: Float64Array, huber: number): Point {
  const found = residuals(parameters);
  let cost = 0;
  for (let i = 0; i < found.length; i++) {
    const size = Math.abs(found[i] as number);
    cost += size <= huber ? (size * size) / 2 : huber * (size - huber / 2);
  }
  return { parameters, residuals: found, cost: Number.isNaN(cost) ? Number.POSITIVE_INFINITY : cost };
}

function equationsAt({ jacobian }: LeastSquaresProblem, search: Search, huber: number): NormalEquations {
  search.jacobians++;
  const { parameters, residuals } = search.point;
  return normalEquations(jacobian(parameters), residuals, parameters.length, huber);
}

function inside(problem: LeastSquaresProblem, parameters: Float64Array): Float64Array {
  return parameters.map((value, j) => Math.min(Math.max(value, lower(problem, j)), upper(problem, j)));
}

function lower(problem: LeastSquaresProblem, j: number): number {
  return problem.lower?.[j] ?? Number.NEGATIVE_INFINITY;
}

function upper(problem: LeastSquaresProblem, j: number): number {
  return problem.upper?.[j] ?? Number.POSITIVE_INFINITY;
}

function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((total, value) => total + value * value, 0));
}

function expectProblem(problem: LeastSquaresProblem): void {
  const crossed = problem.start.findIndex((_, j) => !(lower(problem, j) <= upper(problem, j)));
  if (problem.start.length > 0 && crossed < 0) return;
  throw new TensorError(
    `Cannot fit by least squares: expected parameters with lower bounds at or below upper ones, got ${
      crossed < 0
        ? "no parameters"
        : `${lower(problem, crossed)} and ${upper(problem, crossed)} for parameter ${crossed}`
    }`,
    "Give a start for each parameter, and bounds in the same order.",
  );
}
