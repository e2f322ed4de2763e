/**
 * Compensated summation for any solver: Kahan, 1965, "Further remarks on reducing truncation errors",
 * doi:10.1145/363707.363723; in integrators Hairer, Lubich, Wanner, 2006, "Geometric numerical integration", section
 * VIII.5, algorithm VIII.5.1, doi:10.1007/3-540-30666-8.
 *
 * The wrapped solver integrates the deviation d = y(t) - y_n from the state at the start of the step, d' = f(t, y_n +
 * d) from d = 0, so that its increment has the full precision of a small number; then y_n+1 = y_n + (d + e), and what
 * this sum rounds off is the e of the next step. Over N steps rounding then grows as N h eps, not as N eps or sqrt(N)
 * eps. What solvers hand on (slopes, differences) does not change with the origin, so it is passed through.
 */
import { add, stopGradient, sub, type Tensor, TensorError } from "@leastaction/tensor";
import { zerosOf, zipTensors } from "../nn/tensor-tree.ts";
import type { Field, Solver, SolverStep } from "./solver.ts";

/**
 * The solver with compensated summation; its record says the same as that of `solver`, and it hands on one more state.
 * The derivative of a step is that of `solver`: rounding has none.
 * Errors: a reversible solver, which hands on a second state, not slopes or differences.
 */
export function compensated(solver: Solver): Solver {
  if ("undo" in solver) {
    throw new TensorError(
      `Cannot compensate ${solver.name}: expected a solver that hands on slopes or differences, got one that hands on a second state`,
      "Make the compensated solver reversible instead.",
    );
  }
  return Object.freeze<Solver>({
    ...solver,
    name: `compensated(${solver.name})`,
    cites: [...solver.cites, "doi:10.1145/363707.363723"],
    start: <Y>(field: Field<Y>, t: Tensor, y: Y): readonly Y[] => [...solver.start(field, t, y), zerosOf(y)],
    step: <Y>(field: Field<Y>, t: Tensor, h: Tensor, y: Y, memory: readonly Y[]): SolverStep<Y> => {
      const lost = memory[memory.length - 1] as Y;
      const around: Field<Y> = (time, deviation) => field(time, zipTensors(add, y, deviation));
      const step = solver.step(around, t, h, zerosOf(y), memory.slice(0, -1));
      const increment = zipTensors(add, step.y, lost);
      const next = zipTensors(add, y, increment);
      const rest = zipTensors(
        (before, after, added) => stopGradient(add(sub(before, after), added)),
        y,
        next,
        increment,
      );
      return {
        ...step,
        y: next,
        memory: [...step.memory, rest],
        dense: () => {
          const [origin, ...powers] = step.dense();
          return [zipTensors(add, y, origin as Y), ...powers];
        },
      };
    },
  });
}
