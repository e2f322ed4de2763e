/**
 * Steps that see only the inside of their interval, for fields that jump at the times where steps begin and end.
 *
 * A field with a jump at the end of a step has two values there, and both neighbours would get the same one: an error of
 * first order. Here every step asks the field for times a few units of rounding inside its interval, and starts anew, so
 * that a slope from one side is never used on the other.
 */
import { abs, add, maximum, minimum, mul, sub, type Tensor } from "@leastaction/tensor";
import type { Field, Solver, SolverStep } from "../solver/solver.ts";

/**
 * `solver` with steps that do not look beyond their ends; costs the evaluations of `start` in every step. Where the memory
 * is part of the state, it is handed on.
 */
export function oneSided(solver: Solver): Solver {
  if (solver.structure?.space === "doubled") return handingOn(solver);
  return Object.freeze({
    ...solver,
    fsal: false,
    evaluations: solver.evaluations + solver.startEvaluations,
    startEvaluations: 0,
    start: () => [],
    step: <Y>(field: Field<Y>, t: Tensor, h: Tensor, y: Y): SolverStep<Y> => {
      const inside = insideOf(field, t, h);
      return { ...solver.step(inside, t, h, y, solver.start(inside, t, y)), memory: [] };
    },
  });
}

function handingOn(solver: Solver): Solver {
  return Object.freeze({
    ...solver,
    step: <Y>(field: Field<Y>, t: Tensor, h: Tensor, y: Y, memory: readonly Y[]): SolverStep<Y> =>
      solver.step(insideOf(field, t, h), t, h, y, memory),
  });
}

function insideOf<Y>(field: Field<Y>, t: Tensor, h: Tensor): Field<Y> {
  const end = add(t, h);
  const rounding = mul(4 * Number.EPSILON, maximum(abs(t), abs(end)));
  const margin = minimum(rounding, mul(0.25, abs(h)));
  const [low, high] = [add(minimum(t, end), margin), sub(maximum(t, end), margin)];
  return (time, y) => field(minimum(maximum(time, low), high), y);
}
