/**
 * From a checked tableau to a solver: the one implementation of all explicit Runge–Kutta methods.
 */
import { add, div, mul, type Tensor } from "@leastaction/tensor";
import type { ButcherTableau } from "./butcher-tableau.ts";
import { combine, combineEarly, combineInFloat64, combineLate, hermiteCubic } from "./linear-combination.ts";
import type { Field, Solver, SolverStep } from "./solver.ts";

/** Dense weights above this cost more than two of the seven digits of float32. */
const largeWeight = 100;

/** The solver of a tableau, with its own dense output where it has one and a Hermite cubic otherwise. */
export function explicitRungeKutta(tableau: ButcherTableau): Solver {
  const { name, order, denseOrder, fsal, cites, b } = tableau;
  const embeddedOrder = estimateOrder(tableau);
  return Object.freeze({
    name,
    order,
    ...(embeddedOrder === undefined ? {} : { embeddedOrder }),
    denseOrder,
    fsal,
    implicit: false,
    symplectic: false,
    evaluations: fsal ? b.length - 1 : b.length,
    startEvaluations: fsal ? 1 : 0,
    cites,
    start: <Y>(field: Field<Y>, t: Tensor, y: Y): readonly Y[] => (fsal ? [field(t, y)] : []),
    step: <Y>(field: Field<Y>, t: Tensor, h: Tensor, y: Y, memory: readonly Y[]): SolverStep<Y> =>
      step(tableau, field, { t, h, y }, memory),
  });
}

/** Two estimates of orders p and q shrink like one of order 2 p - q: their squared sizes are combined by `damped`. */
function estimateOrder({ embeddedOrder, coarseError }: ButcherTableau): number | undefined {
  if (embeddedOrder === undefined || coarseError === undefined) return embeddedOrder;
  return 2 * embeddedOrder - coarseError.order;
}

/** Where a step starts, and how long it is. */
interface Start<Y> {
  readonly t: Tensor;
  readonly h: Tensor;
  readonly y: Y;
}

function step<Y>(tableau: ButcherTableau, field: Field<Y>, start: Start<Y>, memory: readonly Y[]): SolverStep<Y> {
  const { a, b, c, error, coarseError, fsal } = tableau;
  const { t, h, y } = start;
  const inner = fsal ? b.length - 1 : b.length;
  const slopes = withStages(field, start, memory, a.slice(0, inner), c);
  const next = combine(y, h, b, slopes);
  // What the older slopes give is summed before the slope at the end is known: the decision on the step waits for that.
  const early = [error, coarseError?.weights].map((weights) => weights && combine<Y>(null, h, weights, slopes));
  const atEnd = fsal ? [field(timeAt(t, h, 1), next)] : [];
  const known = [...slopes, ...atEnd];
  const measured = (weights: readonly number[], sum: Y | undefined): Y =>
    combine(sum ?? null, h, weights.slice(inner), atEnd);
  const estimate = error === undefined ? null : measured(error, early[0]);
  return {
    y: next,
    error: estimate,
    ...(estimate === null || coarseError === undefined
      ? {}
      : {
          squaredError: (squaredNorm) =>
            damped(squaredNorm(estimate), squaredNorm(measured(coarseError.weights, early[1]))),
        }),
    memory: atEnd,
    dense: () => denseOutput(tableau, field, start, next, known),
  };
}

function denseOutput<Y>(
  { a, c, fsal, denseStages, dense }: ButcherTableau,
  field: Field<Y>,
  start: Start<Y>,
  next: Y,
  slopes: readonly Y[],
): readonly Y[] {
  const { t, h, y } = start;
  if (dense === undefined) {
    const atEnd = fsal ? slopes[slopes.length - 1] : field(timeAt(t, h, 1), next);
    return hermiteCubic(h, y, next, slopes[0] as Y, atEnd as Y);
  }
  const { a: rows, c: times } = denseStages ?? { a: [], c: [] };
  const all = withStages(field, start, slopes, [...a, ...rows], [...c, ...times]);
  const summed = dense.flat().some((weight) => Math.abs(weight) > largeWeight) ? combineInFloat64 : combine;
  return [y, ...densePowers(dense).map((weights) => summed(null, h, weights, all))];
}

/** The slopes given and those of the rows that are left. */
function withStages<Y>(
  field: Field<Y>,
  { t, h, y }: Start<Y>,
  given: readonly Y[],
  rows: readonly (readonly number[])[],
  times: readonly number[],
): readonly Y[] {
  const slopes = [...given];
  for (let i = slopes.length; i < rows.length; i++) {
    const row = rows[i] as readonly number[];
    // A slope from the step before is known before h is.
    const combined = given.length === 1 && i === 1 ? combineEarly : combineLate;
    slopes.push(field(timeAt(t, h, times[i] as number), combined(y, h, row, slopes)));
  }
  return slopes;
}

/**
 * The square of |e|² / sqrt(|e|² + |ē|²/100), from the squares of |e| and of that of the coarse estimate |ē|: Hairer,
 * Nørsett, Wanner, 1993, section II.10. Zero when both are.
 */
function damped(square: Tensor, coarseSquare: Tensor): Tensor {
  const least = 2 ** -1022;
  return mul(square, div(square, add(square, mul(coarseSquare, 0.01), least)));
}

function timeAt(t: Tensor, h: Tensor, c: number): Tensor {
  return c === 0 ? t : add(t, c === 1 ? h : mul(h, c));
}

/** Weights of all stages for each power of theta. */
function densePowers(dense: readonly (readonly number[])[]): number[][] {
  const powers = Math.max(...dense.map((row) => row.length));
  return Array.from({ length: powers }, (_, j) => dense.map((row) => row[j] ?? 0));
}
