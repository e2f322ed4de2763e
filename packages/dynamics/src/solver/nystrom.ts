/**
 * From a checked table to a solver: the one implementation of all explicit Runge–Kutta–Nyström methods.
 *
 * The state is positions and velocities, the field q' = v, v' = f(t, q). Beyond the first stage only the accelerations
 * are evaluated. The velocity is read from the rates of the positions, so that the state may be counted from any origin
 * (`compensated`).
 */
import { add, mul, type Tensor, TensorError } from "@leastaction/tensor";
import { hermiteDense, hermiteOrder, hermiteValues } from "./hermite-dense.ts";
import { combine } from "./linear-combination.ts";
import type { NystromTable } from "./nystrom-table.ts";
import { halvesOf, joinHalves } from "./phase-space.ts";
import type { Field, Solver, SolverStep, Structure } from "./solver.ts";
import { canonicalForm } from "./symplectic-form.ts";

/**
 * The solver of a table. Its step throws for a state that is not made of positions and velocities.
 * Errors: a first node that is not 0.
 */
export function nystrom(table: NystromTable): Solver {
  const { name, order, embeddedOrder, fsal, symplectic, symmetric, b, c, cites } = table;
  if (c[0] !== 0) {
    throw new TensorError(
      `Cannot make a solver of ${name}: expected a first node of 0, got ${c[0]}`,
      "Use a table whose first stage is at the start of the step.",
    );
  }
  const form = symplectic ? canonicalForm : null;
  return Object.freeze({
    name,
    order,
    ...(embeddedOrder === undefined ? {} : { embeddedOrder }),
    denseOrder: hermiteOrder(order),
    fsal,
    implicit: false,
    symplectic,
    structure: Object.freeze<Structure>({ field: "second-order", space: "canonical", form }),
    symmetric,
    evaluations: fsal ? b.length - 1 : b.length,
    startEvaluations: fsal ? 1 : 0,
    cites,
    start: <Y>(field: Field<Y>, t: Tensor, y: Y): readonly Y[] => (fsal ? [field(t, y)] : []),
    step: <Y>(field: Field<Y>, t: Tensor, h: Tensor, y: Y, memory: readonly Y[]): SolverStep<Y> =>
      step(table, field, t, h, y, memory),
  });
}

function step<Y>(
  { order, a, b, bBar, c, error, fsal }: NystromTable,
  field: Field<Y>,
  t: Tensor,
  h: Tensor,
  y: Y,
  memory: readonly Y[],
): SolverStep<Y> {
  const { positions: q, momenta } = halvesOf(y);
  const first = halvesOf(memory[0] ?? field(t, y));
  const [v, forces] = [first.positions, [first.momenta]];
  for (let i = 1; i < b.length; i++) {
    const node = c[i] as number;
    const positions = moved({ q, v, h }, node, a[i] as readonly number[], forces);
    forces.push(halvesOf(field(timeAt(t, h, node), joinHalves(y, { positions, momenta }))).momenta);
  }
  const end = { positions: moved({ q, v, h }, 1, bBar, forces), momenta: combine(momenta, h, b, forces) };
  const next = joinHalves(y, end);
  const change = (weights: readonly number[]): unknown => combine(null, h, weights, forces);
  return {
    y: next,
    error:
      error === undefined
        ? null
        : joinHalves(y, { positions: combine(null, h, [1], [change(error.bBar)]), momenta: change(error.b) }),
    memory: fsal ? [joinHalves(y, { positions: combine(v, h, b, forces), momenta: forces[forces.length - 1] })] : [],
    dense: () => hermiteDense(field, { t, h, y, next }, hermiteValues(order)),
  };
}

/** q + c h v + h² sum_j w_j f_j. */
function moved(
  { q, v, h }: { readonly q: unknown; readonly v: unknown; readonly h: Tensor },
  c: number,
  weights: readonly number[],
  forces: readonly unknown[],
): unknown {
  return combine(q, h, [c, 1], [v, combine(null, h, weights, forces)]);
}

function timeAt(t: Tensor, h: Tensor, c: number): Tensor {
  return c === 0 ? t : add(t, c === 1 ? h : mul(h, c));
}
