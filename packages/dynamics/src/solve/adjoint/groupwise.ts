/**
 * Errors of unlike quantities side by side: a few numbers of a state next to a thousand of a gradient.
 */
import { add, mul, sizeOf, type Tensor, withLeaves, zerosLike } from "@leastaction/tensor";
import { tensorsOf } from "../../nn/tensor-tree.ts";
import type { Field, Solver, SolverStep } from "../../solver/solver.ts";

/**
 * The solver, with the error of a step measured by group: the mean square over all components would let the error of a
 * small group grow with the size of the others, so each has a mean of its own, and they are added.
 *
 * @param state an object whose entries are the groups
 */
export function groupwise(solver: Solver, state: object): Solver {
  const sizes = Object.values(state).map((group) => tensorsOf(group).map(({ shape }) => sizeOf(shape)));
  const counts = sizes.map((list) => list.reduce((a, b) => a + b, 0));
  const total = counts.reduce((a, b) => a + b, 0);
  const groupOf = sizes.flatMap((list, group) => list.map(() => group));
  const grouped =
    <Y>(squaredNorm: (error: Y) => Tensor) =>
    (error: Y): Tensor => {
      const leaves = tensorsOf(error);
      const parts = counts.flatMap((count, group) => {
        if (count === 0) return [];
        const only = leaves.map((leaf, i) => (groupOf[i] === group ? leaf : zerosLike(leaf)));
        return [mul(squaredNorm(withLeaves(error, only) as Y), total / count)];
      });
      return parts.reduce((a, b) => add(a, b));
    };
  return {
    ...solver,
    step: <Y>(field: Field<Y>, t: Tensor, h: Tensor, y: Y, memory: readonly Y[]): SolverStep<Y> => {
      const step = solver.step(field, t, h, y, memory);
      const { error, squaredError } = step;
      if (error === null) return step;
      return {
        ...step,
        squaredError: (squaredNorm) => squaredError?.(grouped(squaredNorm)) ?? grouped(squaredNorm)(error),
      };
    },
  };
}
