/**
 * Steps that vary and stay reversible: explicit step density control, a time transformation.
 *
 * Hairer, Söderlind, 2005, "Explicit, time reversible, adaptive step size control", doi:10.1137/040606995; Hairer,
 * Lubich, Wanner, 2006, "Geometric numerical integration", section VIII.3.2. The user says how long steps should be at
 * a state, up to a factor: size(y). The density r of steps follows 1 / size(y) along the solution, in steps of its own
 * that are staggered with those of the state:
 *
 *   r_n+1/2 = r_n-1/2 + dt G(y_n),   G = -(grad size · f) / size,   h_n = dt / r_n+1/2,   y_n+1 = Phi_h_n (y_n).
 *
 * With a symmetric solver Phi, the step (y, r) is symmetric, and reversible where the field is; so errors of the energy
 * do not add up on reversible systems that are integrable or nearly so, as with constant steps. It is not symplectic:
 * with steps that depend on the state no form is kept. A step has the order of Phi. No error is estimated, and the end
 * is a number of steps, not a time.
 */
import {
  add,
  concatenate,
  convert,
  div,
  expandDimensions,
  jvp,
  mul,
  scan,
  type Tensor,
  TensorError,
  type TensorLike,
  type Traced,
} from "@leastaction/tensor";
import { mapTensors, zipTensors } from "../nn/tensor-tree.ts";
import { expectFieldForm } from "../solver/field-form.ts";
import type { Solver } from "../solver/solver.ts";
import { stormerVerlet } from "../solver/stormer-verlet.ts";

/** Options of `solveTimeTransformed`. */
export interface TimeTransformedOptions<Y> {
  /** y' = f(t, y). */
  readonly field: (t: Tensor, y: Traced<Y>) => Traced<Y>;
  /** Scalar; default 0. */
  readonly t0?: TensorLike;
  readonly y0: Y;
  /** How long steps should be at a state, in units of `dt`: scalar, positive, differentiable. */
  readonly size: (y: Traced<Y>) => Tensor;
  /** The step where `size` is 1, in the unit of time; negative for backward time. */
  readonly dt: TensorLike;
  /** How many steps: a positive integer. */
  readonly steps: number;
  /** Symmetric; default `stormerVerlet`. */
  readonly solver?: Solver;
  /** The density at the start, default 1 / size(y0); the `density` of another solution goes on where it ended. */
  readonly density?: TensorLike;
}

/** A solution over a number of steps. */
export interface TimeTransformedSolution<Y> {
  /** Float64 [steps + 1]. */
  readonly times: Tensor;
  /** The states at these times: a tree like the state, each leaf with a leading axis. */
  readonly states: Y;
  /** The density at the last time: float64 scalar. */
  readonly density: Tensor;
}

/**
 * Integrates `steps` steps of lengths that follow `size`.
 *
 * @example
 * const orbit = (start: { q: Tensor; p: Tensor }) =>
 *   solveTimeTransformed({
 *     field: (_t, { q, p }) => ({ q: p, p: neg(mul(q, pow(sumOfSquares(q), -1.5))) }),
 *     y0: start,
 *     size: ({ q }) => pow(sumOfSquares(q), 0.75),
 *     dt: 0.05,
 *     steps: 400,
 *   });
 * const { times } = evaluate(orbit, { q: array([0.2, 0]), p: array([0, 3]) });
 *
 * Errors (while tracing): a solver that is not symmetric, a field of another form than it takes, a number of steps that
 * is not a positive integer.
 */
export function solveTimeTransformed<Y>(options: TimeTransformedOptions<Y>): TimeTransformedSolution<Traced<Y>> {
  return run(options as unknown as InnerOptions<Traced<Y>>);
}

/** The options with one type for the state. */
interface InnerOptions<Y> extends Omit<TimeTransformedOptions<unknown>, "field" | "y0" | "size"> {
  readonly field: (t: Tensor, y: Y) => Y;
  readonly y0: Y;
  readonly size: (y: Y) => Tensor;
}

interface Carry<Y> {
  readonly t: Tensor;
  readonly y: Y;
  /** The density at t, between the staggered ones. */
  readonly density: Tensor;
  readonly memory: readonly Y[];
}

function run<Y>(options: InnerOptions<Y>): TimeTransformedSolution<Y> {
  const { field, size, steps, solver = stormerVerlet } = options;
  const y0 = mapTensors((leaf) => leaf, options.y0);
  expectSteps(steps);
  expectSymmetric(solver);
  expectFieldForm(solver, field, y0);
  const [t0, dt] = [convert(options.t0 ?? 0, "float64"), convert(options.dt, "float64")];
  const density = options.density ?? div(1, convert(size(y0), "float64"));
  const start: Carry<Y> = { t: t0, y: y0, density: convert(density, "float64"), memory: solver.start(field, t0, y0) };
  const [end, series] = scan<Carry<Y>, Record<string, never>, { t: Tensor; y: Y }>(
    ({ t, y, density: now, memory }) => {
      const half = mul(dt, 1 / 2);
      const between = add(now, mul(half, growth(options, t, y)));
      const h = div(dt, between);
      const step = solver.step(field, t, h, y, memory);
      const next = add(t, h);
      const after = add(between, mul(half, growth(options, next, step.y)));
      return [
        { t: next, y: step.y, density: after, memory: step.memory },
        { t: next, y: step.y },
      ];
    },
    start,
    {},
    { bound: steps },
  );
  const led = (first: Tensor, rest: Tensor): Tensor => concatenate([expandDimensions(first, 0), rest]);
  const { t: times, y: states } = series as unknown as { readonly t: Tensor; readonly y: Y };
  return { times: led(t0, times), states: zipTensors(led, y0, states), density: end.density };
}

/** G = -(grad size · f) / size: how fast 1 / size grows in the transformed time. */
function growth<Y>({ field, size }: InnerOptions<Y>, t: Tensor, y: Y): Tensor {
  const [value, slope] = jvp(size as (...inputs: never[]) => Tensor, [y], [field(t, y)]) as unknown as [Tensor, Tensor];
  return convert(mul(div(slope, value), -1), "float64");
}

function expectSymmetric({ name, symmetric }: Solver): void {
  if (symmetric === true) return;
  throw new TensorError(
    `Cannot solve in transformed time: expected a symmetric solver, got ${name}`,
    "Use stormerVerlet, yoshida4, blanesMoan4 or another whose record says symmetric.",
  );
}

function expectSteps(steps: number): void {
  if (Number.isInteger(steps) && steps >= 1) return;
  throw new TensorError(
    `Cannot solve in transformed time: expected a positive number of steps, got ${steps}`,
    "Give the number of steps; the time reached is in the solution.",
  );
}
