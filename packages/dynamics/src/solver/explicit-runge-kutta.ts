/**
 * From a checked tableau to a solver: the one implementation of all explicit Runge–Kutta methods.
 */
import { add, mul, type Tensor } from "@leastaction/tensor";
import type { ButcherTableau } from "./butcher-tableau.ts";
import { combine, combineLate, hermiteCubic } from "./linear-combination.ts";
import type { Field, Solver, SolverStep } from "./solver.ts";

/** The solver of a tableau, with its own dense output where it has one and a Hermite cubic otherwise. */
export function explicitRungeKutta(tableau: ButcherTableau): Solver {
  const { name, order, embeddedOrder, denseOrder, fsal, cites, b } = tableau;
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
      step(tableau, field, t, h, y, memory),
  });
}

function step<Y>(
  tableau: ButcherTableau,
  field: Field<Y>,
  t: Tensor,
  h: Tensor,
  y: Y,
  memory: readonly Y[],
): SolverStep<Y> {
  const { a, b, c, error, dense, fsal } = tableau;
  const slopes: Y[] = [...memory];
  const inner = fsal ? b.length - 1 : b.length;
  for (let i = slopes.length; i < inner; i++) {
    slopes.push(field(timeAt(t, h, c[i] as number), combineLate(y, h, a[i] as readonly number[], slopes)));
  }
  const next = combine(y, h, b, slopes);
  if (fsal) slopes.push(field(timeAt(t, h, 1), next));
  const slopeAtEnd = (): Y => (fsal ? (slopes[slopes.length - 1] as Y) : field(timeAt(t, h, 1), next));
  return {
    y: next,
    error: error === undefined ? null : combine(null, h, error, slopes),
    memory: fsal ? [slopes[slopes.length - 1] as Y] : [],
    dense: () =>
      dense === undefined
        ? hermiteCubic(h, y, next, slopes[0] as Y, slopeAtEnd())
        : [y, ...densePowers(dense).map((weights) => combine(null, h, weights, slopes))],
  };
}

function timeAt(t: Tensor, h: Tensor, c: number): Tensor {
  return c === 0 ? t : add(t, c === 1 ? h : mul(h, c));
}

/** Weights of all stages for each power of theta. */
function densePowers(dense: readonly (readonly number[])[]): number[][] {
  const powers = Math.max(...dense.map((row) => row.length));
  return Array.from({ length: powers }, (_, j) => dense.map((row) => row[j] ?? 0));
}
