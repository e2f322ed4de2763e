/**
 * Algebraically reversible forms of any solver: a step that can be undone exactly, but for rounding, whatever the field.
 *
 * McCallum, Foster, 2024, "Efficient, accurate and stable gradients for neural ODEs", arXiv:2410.11648, equations 4 and 5:
 * with the increment Psi_h(t, y) of a step of the given solver and a coupling lambda in (0, 1],
 *
 *   y' = lambda y + (1 - lambda) z + Psi_h(t, z),   z' = z - Psi_-h(t + h, y'),
 *
 * undone by z = z' + Psi_-h(t + h, y'), y = (y' - (1 - lambda) z - Psi_h(t, z)) / lambda. Both y and z approximate the
 * solution to the order of the given solver, whose error estimate is that of the step. Rounding errors grow by 1 / lambda
 * a step when it is undone; lambda below 1 is what makes the step stable.
 */
import { add, div, mul, neg, sub, type Tensor, TensorError } from "@leastaction/tensor";
import { zipTensors } from "../nn/tensor-tree.ts";
import type { Field, Solver, SolverStep } from "./solver.ts";

/** A solver whose steps can be undone. */
export interface ReversibleSolver extends Solver {
  /** From the end of a step from `t` to `t + h` back to its start. */
  readonly undo: <Y>(
    field: Field<Y>,
    t: Tensor,
    h: Tensor,
    y: Y,
    memory: readonly Y[],
  ) => { readonly y: Y; readonly memory: readonly Y[] };
}

/**
 * The reversible form of a solver; its memory is z. Each step takes two of the given solver.
 *
 * @param coupling lambda, default 0.999
 * Errors: a coupling outside (0, 1].
 */
export function reversible(solver: Solver, coupling = 0.999): ReversibleSolver {
  if (!(coupling > 0 && coupling <= 1)) {
    throw new TensorError(
      `Cannot make a solver reversible: expected a coupling above 0 and at most 1, got ${coupling}`,
      "Use a number a little below 1, such as 0.999.",
    );
  }
  const { structure, ...rest } = solver;
  return Object.freeze({
    ...rest,
    // The form of the field is still taken for granted; nothing is kept.
    ...(structure === undefined ? {} : { structure: Object.freeze({ ...structure, space: "canonical", form: null }) }),
    name: `reversible(${solver.name})`,
    fsal: false,
    symplectic: false,
    symmetric: false,
    evaluations: 2 * (solver.evaluations + solver.startEvaluations),
    startEvaluations: 0,
    cites: [...solver.cites, "arXiv:2410.11648"],
    start: <Y>(_field: Field<Y>, _t: Tensor, y: Y): readonly Y[] => [y],
    step: <Y>(field: Field<Y>, t: Tensor, h: Tensor, y: Y, [z]: readonly Y[]) =>
      step(solver, coupling, field, { t, h, y, z: z as Y }),
    undo: <Y>(field: Field<Y>, t: Tensor, h: Tensor, y: Y, [z]: readonly Y[]) => {
      const earlier = zipTensors(add, z as Y, change(solver, field, add(t, h), neg(h), y).change);
      const gone = change(solver, field, t, h, earlier).change;
      const before = zipTensors(
        (end, start, psi) => div(sub(sub(end, mul(start, 1 - coupling)), psi), coupling),
        y,
        earlier,
        gone,
      );
      return { y: before, memory: [earlier] };
    },
  });
}

interface Pair<Y> {
  readonly t: Tensor;
  readonly h: Tensor;
  readonly y: Y;
  readonly z: Y;
}

function step<Y>(solver: Solver, coupling: number, field: Field<Y>, { t, h, y, z }: Pair<Y>): SolverStep<Y> {
  const there = change(solver, field, t, h, z);
  const next = zipTensors((a, b, psi) => add(mul(a, coupling), mul(b, 1 - coupling), psi), y, z, there.change);
  const back = change(solver, field, add(t, h), neg(h), next);
  return {
    ...there.step,
    y: next,
    memory: [zipTensors(sub, z, back.change)],
    dense: () => joined(there.step, y, z, next),
  };
}

/** Psi_h(t, y), and the step that it comes from. */
function change<Y>(
  solver: Solver,
  field: Field<Y>,
  t: Tensor,
  h: Tensor,
  y: Y,
): { readonly change: Y; readonly step: SolverStep<Y> } {
  const step = solver.step(field, t, h, y, solver.start(field, t, y));
  return { change: zipTensors(sub, step.y, y), step };
}

/** The polynomial from z, shifted by a straight line so that it goes from y to the next y. */
function joined<Y>(step: SolverStep<Y>, y: Y, z: Y, next: Y): readonly Y[] {
  const [constant, slope, ...higher] = step.dense() as [Y, Y, ...Y[]];
  const first = zipTensors(sub, y, z);
  const last = zipTensors(sub, next, step.y);
  const steeper = zipTensors((s, a, b) => add(s, sub(b, a)), slope, first, last);
  return [zipTensors(add, constant, first), steeper, ...higher];
}
